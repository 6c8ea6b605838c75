// A drawn phone: its frame, its clock, and the SMS that M-Pesa sends it.

import { clock, element } from "./control.js";

export class Handset {
  constructor({ owner, idle, panel }) {
    this.time = element("span", { class: "phone-time" });
    this.bigTime = element("p", { class: "phone-clock", "aria-hidden": "true" });
    this.owner = element("p", { class: "phone-owner" }, owner);
    this.inbox = element("ul", { class: "inbox", "aria-label": "Messages from M-PESA" });
    this.idle = element("p", { class: "phone-idle" }, idle);
    this.overlay = element("div", { class: "overlay", hidden: true });
    const bar = [this.time, element("span", { class: "camera" }), element("span", {}, "4G")];
    this.screen = element(
      "div", { class: "screen" },
      element("div", { class: "status-bar" }, ...bar), this.bigTime, this.owner, this.inbox, this.idle, this.overlay,
    );
    this.panel = element("div", { class: "choices-panel" }, ...panel);
    this.root = element("div", { class: "phone" }, element("div", { class: "bezel" }, this.screen), this.panel);
    setInterval(() => this.tick(), 250);
    this.tick();
  }

  receive(text, at, look = "") {
    const note = element(
      "li", { class: `sms ${look}` },
      element("span", { class: "sms-from" }, "MPESA", element("time", {}, clock(at))),
      element("p", {}, text),
    );
    this.inbox.prepend(note);
    this.idle.hidden = true;
  }

  tick() {
    const now = clock(Date.now() / 1000);
    this.time.textContent = now;
    this.bigTime.textContent = now;
  }
}
