// The drawn phone: M-Pesa's prompt, the choices its owner has, and the SMS afterwards.

import { element, local, post, shillings } from "./control.js";
import { Handset } from "./handset.js";

const ENDINGS = {
  1: "Not enough money in the wallet.",
  17: "M-Pesa refused: the same amount again within two minutes.",
  1032: "Cancelled.",
  1037: "Nobody answered.",
  2001: "Wrong PIN.",
};

const CALLBACKS = [
  ["once", "once, as it should"],
  ["twenty_at_once", "twenty times at once"],
  ["late:10", "ten seconds late"],
  ["none", "never"],
];

export class Phone extends Handset {
  constructor({ pin, owner, onRing = () => {} }) {
    super({
      owner: `${owner.first_name} · ${local(owner.phone)}`,
      idle: "When you donate, M-Pesa asks for your PIN here.",
      panel: [],
    });
    this.pin = pin;
    this.onRing = onRing;
    this.prompts = new Map();
    this.callback = element("select", { id: "callback-style" }, ...CALLBACKS.map(([value, words]) =>
      element("option", { value }, words)));
    this.panel.append(...this.acts(), this.callbackChoice());
    this.show();
  }

  acts() {
    const buttons = [
      ["pay", `Right PIN (${this.pin})`],
      ["wrong_pin", "Wrong PIN"],
      ["no_money", "Too little money"],
      ["ignore", "Nobody answers"],
    ];
    this.buttons = buttons.map(([act, words]) =>
      element("button", { type: "button", class: act === "pay" ? "primary" : "", onclick: () => this.decide(act) }, words));
    const waits = "When M-Pesa rings, type the PIN on the phone, or choose here what else happens.";
    return [
      element("h2", {}, "The owner of this phone"),
      element("p", { class: "hint waits" }, waits),
      element("div", { class: "acts" }, ...this.buttons),
    ];
  }

  callbackChoice() {
    return element(
      "label", { class: "callback-choice", htmlFor: "callback-style" },
      "Then M-Pesa tells the bot ", this.callback,
    );
  }

  heard(kind, data, event) {
    if (kind === "prompt") {
      this.prompts.set(data.prompt.checkout_id, data.prompt);
      this.show();
      this.onRing();
    }
    if (kind === "prompt_closed") this.closed(data, event.at);
    if (kind === "sms" && data.to === "payer") this.receive(data.text, event.at);
  }

  closed({ checkout_id: id, result }, at) {
    this.prompts.delete(id);
    if (result !== 0) this.receive(ENDINGS[result] ?? `M-Pesa's result: ${result}.`, at, "faint");
    this.show();
  }

  /** The oldest open prompt, or the resting phone. */
  show() {
    const next = this.prompts.values().next().value ?? null;
    const changed = next?.checkout_id !== this.prompt?.checkout_id;
    this.prompt = next;
    this.root.classList.toggle("ringing", next !== null);
    this.overlay.hidden = next === null;
    this.idle.hidden = this.inbox.children.length > 0;
    if (next && changed) this.overlay.replaceChildren(this.dialog(next));
    if (next && changed) this.field.focus({ preventScroll: true });
    this.tick();
  }

  dialog(prompt) {
    this.field = element("input", {
      type: "password", inputMode: "numeric", autocomplete: "off", maxLength: 8, required: true,
      "aria-label": "M-PESA PIN", placeholder: "••••",
    });
    this.life = element("span", { class: "life-left" });
    const form = element(
      "form", { class: "stk", role: "dialog", "aria-label": "M-PESA" },
      element("p", { class: "stk-brand" }, "M-PESA", element("span", {}, local(prompt.phone))),
      element(
        "p", { class: "stk-question" },
        "Do you want to pay ", element("b", {}, shillings(prompt.shillings)), " to ", element("b", {}, prompt.business),
        ", account ", element("b", {}, prompt.reference), "?",
      ),
      element("label", {}, "Enter M-PESA PIN", this.field),
      element("p", { class: "hint" }, `In this rehearsal the right PIN is ${this.pin}.`),
      element("div", { class: "life", "aria-hidden": "true" }, this.life),
      element(
        "div", { class: "choices" },
        element("button", { type: "button", class: "quiet", onclick: () => this.decide("cancel") }, "Cancel"),
        element("button", { type: "submit", class: "primary" }, "Send"),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.decide("pay", this.field.value);
    });
    return form;
  }

  async decide(act, pin = null) {
    if (!this.prompt) return;
    const decision = { do: act, callback: this.callback.value, ...(pin === null ? {} : { pin }) };
    await post(`daraja/prompt/${this.prompt.checkout_id}`, decision).catch((error) =>
      this.receive(error.message, Date.now() / 1000, "faint"));
  }

  tick() {
    super.tick();
    if (!this.prompt) return;
    const { at, expires_at: end } = this.prompt;
    const left = Math.max(0, (end - Date.now() / 1000) / (end - at));
    this.life.style.setProperty("--left", left);
  }
}
