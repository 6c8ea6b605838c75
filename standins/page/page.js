// Puts the chats, the phones and the log on the page.

import { Behind } from "./behind.js";
import { Chat } from "./chat.js";
import { element, get, listen } from "./control.js";
import { Phone } from "./phone.js";
import { Recipient } from "./recipient.js";
import { Tabs } from "./tabs.js";

const ROOM_FOR_ALL = "(min-width: 1680px)";
const DONORS_PHONE = 0;
const RECIPIENTS_PHONE = 1;

const scene = await get("scene");
const bot = await get("telegram/bot");
const asked = new URLSearchParams(location.search);

const chats = scene.people.map(
  (person, place) => new Chat(person, bot, { deepLink: place === 0 ? asked.get("start") : null }),
);
const phone = new Phone({ pin: scene.pin, owner: scene.people[0], onRing: rings });
const recipient = new Recipient();
const behind = new Behind(document.querySelector(".behind"));

document.querySelector(".stage").classList.toggle("many", chats.length > 1);
document.querySelector(".chats").append(...chats.map((chat) => chat.root));
document.querySelector(".phone-place").append(phone.root, recipient.root);
const opener = document.querySelector(".handset-open");
opener.addEventListener("click", () => lookAtPhone(true));
document.querySelector(".handset-close").addEventListener("click", () => lookAtPhone(false));

const people = new Tabs(
  document.querySelector(".people"),
  chats.map((chat) => ({
    label: [element("b", {}, chat.person.label), ` ${chat.person.first_name}`],
    node: chat.root,
    onShow: () => chat.scroll(),
  })),
  ROOM_FOR_ALL,
);
const phones = new Tabs(document.querySelector(".phones"), [
  { label: ["Donor’s phone"], node: phone.root },
  { label: ["Recipient’s phone"], node: recipient.root, onShow: () => opener.classList.remove("unread") },
]);

await Promise.all([...chats.map((chat) => chat.load()), behind.load()]);
const { last, events } = await get("events?timeout=0");
for (const event of events.slice(events.findLastIndex((each) => each.kind === "reset") + 1)) recall(event);
lookAtPhone(phone.prompt !== null);
listen(last, (kind, data, event) => {
  if (kind === "reset") location.reload();
  if (kind === "commands") refreshBot();
  chats.forEach((chat, place) => {
    if (chat.heard(kind, data)) people.came(place);
  });
  phone.heard(kind, data, event);
  if (recipient.heard(kind, data, event)) received();
  behind.heard(kind, data, event);
  if (kind === "prompt_closed") setTimeout(putAside, 2500);
});

/** What happened before the page was opened; the chats and the book have been read as they stand. */
function recall(event) {
  phone.heard(event.kind, event.data, event);
  recipient.heard(event.kind, event.data, event);
  behind.note(event.kind, event.data, event);
}

function rings() {
  phones.choose(DONORS_PHONE);
  lookAtPhone(true);
}

/** The recipient's phone comes forward, unless the donor's is ringing. */
function received() {
  if (phone.prompt) phones.came(RECIPIENTS_PHONE);
  else phones.choose(RECIPIENTS_PHONE);
  opener.classList.add("unread");
}

/** On a small screen the phone lies over the chat while it rings. */
function lookAtPhone(look) {
  document.body.classList.toggle("phone-in-hand", look);
  if (look) opener.classList.remove("unread");
}

function putAside() {
  if (!phone.prompt) lookAtPhone(false);
}

async function refreshBot() {
  Object.assign(bot, await get("telegram/bot"));
  chats.forEach((chat) => chat.refresh());
}
