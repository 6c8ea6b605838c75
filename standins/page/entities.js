// A message's text with its entities, built node by node: nothing is ever read as HTML.

import { element } from "./control.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", text_link: "a", url: "a",
};

/** `act.command(text)` sends a command, `act.start(payload)` follows a link to the bot itself. */
export function render(text, entities, act) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  fill(fragment, text, ordered, 0, text.length, act);
  return fragment;
}

function fill(parent, text, entities, from, to, act) {
  let at = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    parent.append(text.slice(at, start));
    const node = wrapper(entity, text.slice(start, end), act);
    fill(node, text, entities, start, end, act);
    parent.append(node);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function wrapper(entity, words, act) {
  if (entity.type === "bot_command") {
    return element("button", { type: "button", class: "command", onclick: () => act.command(words) });
  }
  const tag = TAGS[entity.type];
  if (tag === "a") return link(entity.url ?? words, act);
  return element(tag ?? "span", { class: `entity-${entity.type}` });
}

export function link(url, act) {
  const address = safe(url);
  if (!address) return element("span");
  const payload = deepLink(address, act.username);
  const anchor = element("a", { href: address.href, target: "_blank", rel: "noopener noreferrer" });
  if (payload !== null) {
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      act.start(payload);
    });
  }
  return anchor;
}

function safe(url) {
  try {
    const address = new URL(url);
    return ["http:", "https:"].includes(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

/** The payload of https://t.me/<this bot>?start=…, or null. */
function deepLink(address, username) {
  if (address.hostname !== "t.me" || address.pathname.toLowerCase() !== `/${username.toLowerCase()}`) return null;
  return address.searchParams.get("start") ?? "";
}
