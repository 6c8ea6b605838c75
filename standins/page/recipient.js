// The phone of whoever is paid: M-Pesa tells it what it received.

import { element, local } from "./control.js";
import { Handset } from "./handset.js";

export class Recipient extends Handset {
  constructor() {
    super({
      owner: "Whoever is paid",
      idle: "When a payout is approved, M-Pesa tells its recipient here.",
      panel: [
        element("h2", {}, "The recipient of a payout"),
        element("p", { class: "hint" }, "Any number can be paid. This phone shows what each of them reads."),
      ],
    });
  }

  /** Says whether there was something to read. */
  heard(kind, data, event) {
    if (kind === "paid") this.owner.textContent = `${title(data.name)} · ${local(data.paid.phone)}`;
    if (kind !== "sms" || data.to !== "recipient") return false;
    this.receive(data.text, event.at);
    return true;
  }
}

function title(name) {
  return name.toLowerCase().replace(/\b\p{L}/gu, (letter) => letter.toUpperCase());
}
