// What goes on between the bot, Telegram and M-Pesa, in sentences.

import { clock, element, get, local, shillings } from "./control.js";

const KEPT = 60;

const SENTENCES = {
  push: ({ push }) => ["M-Pesa", `takes the bot's request: ${shillings(push.shillings)} from ${local(push.phone)}, account ${push.reference}`],
  prompt: ({ prompt }) => ["M-Pesa", `rings ${local(prompt.phone)}`],
  prompt_closed: ({ result }) => ["M-Pesa", `ends the prompt with result ${result}`],
  callback: ({ sent }) => [
    "M-Pesa",
    sent.status === null
      ? `calls back with result ${sent.body_code}; nobody answers (${sent.error})`
      : `calls back with result ${sent.body_code}; the bot answers ${sent.status}`,
  ],
  callback_lost: () => ["M-Pesa", "loses its callback on the way"],
  webhook: ({ update_id: id, status }) =>
    status >= 200 && status < 300 ? null : ["Telegram", `cannot deliver update ${id} (${status ?? "no answer"}), tries again`],
  answer: () => null,
  fault: ({ service, fault }) => ["Stage", `breaks ${service}: ${fault}`],
  healed: () => ["Stage", "repairs everything"],
  blocked: () => ["Telegram", "tells the bot that it was blocked"],
  unblocked: () => ["Telegram", "tells the bot that it is welcome again"],
};

export class Behind {
  constructor(root) {
    this.log = root.querySelector(".log-list");
    this.empty = root.querySelector(".log-empty");
    this.total = root.querySelector(".moved-total");
    this.list = root.querySelector(".moved-list");
    this.moved = [];
  }

  async load() {
    const book = await get("daraja/book");
    for (const moved of book.moved) this.pay(moved);
  }

  heard(kind, data, event) {
    const sentence = SENTENCES[kind]?.(data);
    if (sentence) this.note(...sentence, event.at);
  }

  pay(moved) {
    this.moved.push(moved);
    const sum = this.moved.reduce((total, each) => total + each.shillings, 0);
    const times = this.moved.length === 1 ? "one payment" : `${this.moved.length} payments`;
    this.total.replaceChildren(element("b", {}, shillings(sum)), ` in ${times}`);
    this.list.prepend(
      element("li", {}, element("code", {}, moved.receipt), element("span", {}, shillings(moved.shillings))),
    );
  }

  /** The same sentence again is counted instead of repeated. */
  note(who, what, at) {
    this.empty.hidden = true;
    const times = this.latest === who + what ? this.times + 1 : 1;
    if (times > 1) this.log.firstChild.remove();
    Object.assign(this, { latest: who + what, times });
    const count = times > 1 ? element("em", {}, ` × ${times}`) : null;
    this.log.prepend(
      element("li", { class: `by-${who.toLowerCase()}` },
        element("time", {}, clock(at)), element("span", {}, element("b", {}, who), ` ${what}`, count)),
    );
    while (this.log.children.length > KEPT) this.log.lastChild.remove();
  }
}
