// Puts the chats, the phone and the log on the page.

import { Behind } from "./behind.js";
import { Chat } from "./chat.js";
import { element, get, listen } from "./control.js";
import { Phone } from "./phone.js";

const scene = await get("scene");
const bot = await get("telegram/bot");
const asked = new URLSearchParams(location.search);

const chats = scene.people.map(
  (person, place) => new Chat(person, bot, { deepLink: place === 0 ? asked.get("start") : null }),
);
const phone = new Phone({ pin: scene.pin, owner: scene.people[0], onRing: () => lookAtPhone(true) });
const behind = new Behind(document.querySelector(".behind"));

document.querySelector(".chats").append(...chats.map((chat) => chat.root));
document.querySelector(".phone-place").append(phone.root);
document.querySelector(".handset-open").addEventListener("click", () => lookAtPhone(true));
document.querySelector(".handset-close").addEventListener("click", () => lookAtPhone(false));

const tabs = chats.map((chat, place) => tab(chat, place));
if (chats.length > 1) {
  const people = document.querySelector(".people");
  people.append(...tabs);
  people.hidden = false;
}
choose(0);

await Promise.all([...chats.map((chat) => chat.load()), behind.load()]);
const { last, events } = await get("events?timeout=0");
for (const event of events.slice(events.findLastIndex((each) => each.kind === "reset") + 1)) recall(event);
lookAtPhone(phone.prompt !== null);
listen(last, (kind, data, event) => {
  if (kind === "reset") location.reload();
  if (kind === "commands") refreshBot();
  chats.forEach((chat, place) => {
    if (chat.heard(kind, data) && chat.root.hidden) tabs[place].classList.add("unread");
  });
  phone.heard(kind, data, event);
  if (kind === "moved") behind.pay(data.moved);
  behind.heard(kind, data, event);
  if (kind === "prompt_closed" && phone.prompt === null) setTimeout(() => lookAtPhone(false), 2500);
});

/** What happened before the page was opened; the chats and the book have been read as they stand. */
function recall(event) {
  phone.heard(event.kind, event.data, event);
  behind.heard(event.kind, event.data, event);
}

function tab(chat, place) {
  const { label, first_name: name } = chat.person;
  const act = () => choose(place);
  return element("button", { type: "button", role: "tab", onclick: act }, element("b", {}, label), ` ${name}`);
}

function choose(place) {
  chats.forEach((chat, index) => {
    chat.root.hidden = index !== place;
    tabs[index].setAttribute("aria-selected", String(index === place));
  });
  tabs[place].classList.remove("unread");
  chats[place].scroll();
}

/** On a small screen the phone lies over the chat while it rings. */
function lookAtPhone(look) {
  document.body.classList.toggle("phone-in-hand", look);
}

async function refreshBot() {
  Object.assign(bot, await get("telegram/bot"));
  chats.forEach((chat) => chat.refresh());
}
