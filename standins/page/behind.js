// What goes on between the bot, Telegram and M-Pesa, in sentences.

import { clock, element, get, local, shillings } from "./control.js";

const KEPT = 60;

const RESULTS = {
  payout: ({ code }) => `tells the payout's result ${code}`,
  timeout: () => "says that the payout waits in its queue",
  status: ({ about, code }) => `answers about ${about} with result ${code}`,
  balance: ({ code }) => `tells the balances, result ${code}`,
  reversal: ({ code }) => `tells the reversal's result ${code}`,
};

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
  payout: ({ payout }) => ["M-Pesa", `takes a payout: ${shillings(Number(payout.amount))} to ${local(payout.phone)}`],
  paid: ({ paid }) => ["M-Pesa", `pays ${shillings(paid.shillings)} to ${local(paid.phone)}, receipt ${paid.receipt}`],
  result: ({ sent }) => [
    "M-Pesa",
    `${RESULTS[sent.kind](sent)}; ${sent.status === null ? `nobody answers (${sent.error})` : `the bot answers ${sent.status}`}`,
  ],
  result_lost: () => ["M-Pesa", "loses its result on the way"],
  status_question: ({ about }) => ["M-Pesa", `is asked what became of ${about}`],
  reversed: ({ reversed }) => ["M-Pesa", `gives ${shillings(reversed.shillings)} back to ${local(reversed.phone)}`],
  initiator_locked: () => ["M-Pesa", "locks the initiator after three wrong passwords"],
  initiator_unlocked: () => ["M-Pesa", "unlocks the initiator"],
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
    this.accounts = root.querySelector(".accounts");
    this.moved = [];
    this.sent = 0;
  }

  async load() {
    const { moved, paid, accounts } = await get("daraja/book");
    for (const each of moved) this.pay(each);
    this.sent = paid.reduce((total, each) => total + each.shillings, 0);
    this.show(accounts);
  }

  heard(kind, data, event) {
    if (kind === "moved") this.pay(data.moved);
    if (kind === "paid") this.sent += data.paid.shillings;
    if (kind === "accounts") this.show(data.accounts);
    this.note(kind, data, event);
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

  /** M-Pesa's accounts: what pushes brought in, what payouts can be made of, what they sent. */
  show({ collection, utility }) {
    const amounts = [["Collection", collection], ["Utility", utility], ["Sent", this.sent]];
    this.accounts.replaceChildren(
      ...amounts.map(([name, amount]) => element("div", {}, element("dt", {}, name), element("dd", {}, shillings(amount)))),
    );
  }

  note(kind, data, event) {
    const sentence = SENTENCES[kind]?.(data);
    if (sentence) this.say(...sentence, event.at);
  }

  /** The same sentence again is counted instead of repeated. */
  say(who, what, at) {
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
