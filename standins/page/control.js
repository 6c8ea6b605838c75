// The stand-ins' control API, and their events.

export async function get(path) {
  return answered(await fetch(`/control/${path}`));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answered(await fetch(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answered(response) {
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** Calls `heard(kind, data, event)` for each event after `after`; comes back by itself when the line breaks. */
export function listen(after, heard) {
  const source = new EventSource(`/control/stream?after=${after}`);
  source.addEventListener("message", (message) => {
    const event = JSON.parse(message.data);
    heard(event.kind, event.data, event);
  });
  return source;
}

/** An element with attributes (or properties, where the element has one of that name) and children. */
export function element(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (key === "class") made.className = value;
    else if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function shillings(amount) {
  return `KES\u00a0${amount.toLocaleString("en-KE")}`;
}

/** 254708374149 as people in Kenya write it. */
export function local(phone) {
  return phone.replace(/^254(\d{3})(\d{3})(\d{3})$/, "0$1 $2 $3");
}

/** Kenya's time, as M-Pesa's messages tell it. */
export function clock(seconds) {
  const form = { hour: "2-digit", minute: "2-digit", timeZone: "Africa/Nairobi" };
  return new Date(seconds * 1000).toLocaleTimeString("en-GB", form);
}
