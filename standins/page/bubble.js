// One message as a bubble, with its file, contact and buttons.

import { clock, element } from "./control.js";
import { link, render } from "./entities.js";

/** `act` is what entities can do; `press(key, button)` presses an inline button. */
export function bubble(message, act, press) {
  const content = element("div", { class: "bubble" });
  if (message.photo) content.append(element("img", { src: message.photo.url, alt: "Photo", class: "photo" }));
  if (message.document) content.append(file(message.document));
  if (message.contact) content.append(card(message.contact));
  if (message.text) {
    content.append(element("div", { class: "text" }, render(message.text, message.entities, act)));
  }
  const edited = message.edits && message.from === "bot" ? "edited " : "";
  const when = new Date(message.date * 1000);
  content.append(element("time", { dateTime: when.toISOString() }, edited + clock(message.date)));
  const buttons = message.buttons.length ? inline(message.buttons, act, press) : null;
  return element("div", { class: `message from-${message.from}` }, content, buttons);
}

function file(given) {
  const size = `${Math.max(1, Math.round(given.size / 1024))} KB`;
  return element(
    "a", { class: "file", href: given.url, download: given.file_name },
    element("strong", {}, given.file_name), element("span", {}, size),
  );
}

function card(contact) {
  return element(
    "div", { class: "contact" },
    element("strong", {}, contact.first_name), element("span", {}, `+${contact.phone_number.replace(/^\+/, "")}`),
  );
}

function inline(buttons, act, press) {
  const rows = buttons.map((row) =>
    element("div", { class: "row" }, ...row.map((button) => inlineButton(button, act, press))),
  );
  return element("div", { class: "inline-keyboard" }, ...rows);
}

function inlineButton(button, act, press) {
  const look = `key ${button.style ? `key-${button.style}` : ""}`;
  if (button.url) {
    const anchor = link(button.url, act);
    anchor.className = look;
    anchor.append(button.text);
    return anchor;
  }
  const key = element("button", { type: "button", class: look }, button.text);
  key.addEventListener("click", () => press(key, button));
  return key;
}
