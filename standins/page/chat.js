// One person's chat with the bot. Any number of these can stand on a page.

import { bubble } from "./bubble.js";
import { Composer, read } from "./composer.js";
import { element, get, post } from "./control.js";

export class Chat {
  constructor(person, bot, { deepLink = null } = {}) {
    this.person = person;
    this.bot = bot;
    this.deepLink = deepLink;
    this.messages = new Map();
    this.act = {
      username: bot.username,
      command: (text) => this.say(text),
      start: (payload) => this.say(payload ? `/start ${payload}` : "/start"),
    };
    this.build();
  }

  build() {
    this.status = element("span", { class: "chat-status" }, "bot");
    this.log = element("div", { class: "chat-log", role: "log", "aria-label": "Messages", tabIndex: 0 });
    this.toast = element("div", { class: "toast", role: "status", hidden: true });
    this.keyboard = element("div", { class: "reply-keyboard", hidden: true });
    this.composer = new Composer({
      say: (text) => this.say(text),
      attach: (file, caption) => this.attach(file, caption),
      commands: () => get(`telegram/commands/${this.person.user_id}`),
    });
    this.startButton = element("button", { type: "button", class: "start", hidden: true }, "Start");
    this.blockButton = element("button", { type: "button", class: "quiet" }, "Block");
    this.alert = element("dialog", { class: "alert" });
    this.root = element(
      "article", { class: "chat", "aria-label": `${this.person.first_name}'s chat with ${this.bot.name}` },
      this.header(), this.log, this.toast, this.composer.menu, this.keyboard, this.startButton,
      this.composer.root, this.alert,
    );
    this.listen();
  }

  header() {
    return element(
      "header", { class: "chat-header" },
      element("span", { class: "avatar", "aria-hidden": "true" }, this.bot.name.slice(0, 1)),
      element("div", { class: "chat-title" }, element("strong", {}, this.bot.name), this.status),
      element("span", { class: "whose" }, element("b", {}, this.person.label), ` ${this.person.first_name}`),
      this.blockButton,
    );
  }

  listen() {
    this.startButton.addEventListener("click", () => this.start());
    this.blockButton.addEventListener("click", () => this.toggleBlock());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.composer.hideMenu();
    });
  }

  async load() {
    const found = await get(`telegram/chat/${this.person.user_id}`);
    this.messages.clear();
    this.log.replaceChildren();
    for (const message of found) this.show(message, { quietly: true });
    this.refresh();
    this.scroll();
  }

  /** Takes what concerns this chat; says whether it was something to notice. */
  heard(kind, data) {
    if (data.chat !== this.person.user_id) return false;
    if (kind === "message" || kind === "edited") this.show(data.message);
    if (kind === "deleted") this.remove(data.message_id);
    if (kind === "answer") this.answered(data.answer);
    if (kind === "action") this.typing();
    if (kind === "blocked" || kind === "unblocked") this.blocked(kind === "blocked");
    return kind === "message" && data.message.from === "bot";
  }

  show(message, { quietly = false } = {}) {
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120;
    const node = bubble(message, this.act, (key, button) => this.press(key, message, button));
    const before = this.messages.get(message.message_id)?.node;
    if (before) before.replaceWith(node);
    else this.log.append(node);
    this.messages.set(message.message_id, { message, node });
    if (quietly) return;
    if (message.from === "bot") this.idle();
    this.refresh();
    if (atEnd || message.from === "user") this.scroll();
  }

  remove(id) {
    this.messages.get(id)?.node.remove();
    this.messages.delete(id);
    this.refresh();
  }

  refresh() {
    const empty = this.messages.size === 0;
    this.log.querySelector(".welcome")?.remove();
    if (empty) this.log.append(this.welcome());
    const starts = empty || this.deepLink !== null;
    this.startButton.hidden = !starts;
    this.composer.root.hidden = starts;
    this.showKeyboard();
  }

  welcome() {
    const said = this.bot.description || "Press Start to begin. Everything happens in this chat, and on the phone.";
    return element(
      "div", { class: "welcome" },
      element("span", { class: "avatar large", "aria-hidden": "true" }, this.bot.name.slice(0, 1)),
      element("h2", {}, this.bot.name),
      element("p", {}, said),
    );
  }

  async press(key, message, button) {
    if (button.copy) return this.copy(button.copy);
    key.classList.add("waiting");
    setTimeout(() => key.classList.remove("waiting"), 4000);
    const tapped = { user_id: this.person.user_id, data: button.data, message_id: message.message_id };
    await this.try(() => post("telegram/tap", tapped));
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.flash(`Copied: ${text}`);
  }

  showKeyboard() {
    const last = [...this.messages.values()]
      .map((kept) => kept.message)
      .findLast((message) => message.keyboard || message.removes_keyboard);
    const rows = last?.keyboard ?? [];
    this.keyboard.hidden = rows.length === 0 || this.composer.root.hidden;
    this.keyboard.replaceChildren(
      ...rows.map((row) => element("div", { class: "row" }, ...row.map((button) => this.replyButton(button)))),
    );
  }

  replyButton(button) {
    const act = () => (button.request_contact ? this.shareContact() : this.say(button.text));
    return element("button", { type: "button", class: "key", onclick: act }, button.text);
  }

  shareContact() {
    const phone = this.person.phone;
    this.ask(`Share your phone number +${phone} with ${this.bot.name}?`, "Share", () =>
      this.try(() => post("telegram/contact", { user_id: this.person.user_id, own: true, phone })),
    );
  }

  start() {
    const payload = this.deepLink;
    this.deepLink = null;
    history.replaceState(null, "", location.pathname);
    this.say(payload ? `/start ${payload}` : "/start");
  }

  async say(text) {
    this.composer.hideMenu();
    await this.try(() => post("telegram/say", { user_id: this.person.user_id, text }));
    this.composer.focus();
  }

  async attach(file, caption) {
    const sent = { user_id: this.person.user_id, file_name: file.name, caption };
    await this.try(async () => post("telegram/document", { ...sent, base64: await read(file) }));
    this.composer.focus();
  }

  async toggleBlock() {
    const path = this.isBlocked ? "telegram/unblock" : "telegram/block";
    await this.try(() => post(path, { user_id: this.person.user_id }));
  }

  blocked(is) {
    this.isBlocked = is;
    this.blockButton.textContent = is ? "Unblock" : "Block";
    this.root.classList.toggle("is-blocked", is);
    this.flash(is ? "You blocked the bot: it cannot write to you." : "The bot can write to you again.");
  }

  answered(answer) {
    for (const key of this.root.querySelectorAll(".key.waiting")) key.classList.remove("waiting");
    if (!answer.text) return;
    if (answer.show_alert) this.ask(answer.text);
    else this.flash(answer.text);
  }

  ask(text, yes = "OK", act = () => {}) {
    const close = () => this.alert.close();
    const accept = () => (close(), act());
    const no = yes === "OK" ? null : element("button", { type: "button", class: "quiet", onclick: close }, "Cancel");
    const ok = element("button", { type: "button", class: "primary", onclick: accept }, yes);
    this.alert.replaceChildren(element("p", {}, text), element("div", { class: "choices" }, no, ok));
    this.alert.showModal();
  }

  typing() {
    this.status.textContent = "typing…";
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.idle(), 5000);
  }

  idle() {
    this.status.textContent = "bot";
  }

  flash(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => (this.toast.hidden = true), 2800);
  }

  scroll() {
    requestAnimationFrame(() => this.log.scrollTo({ top: this.log.scrollHeight }));
  }

  async try(act) {
    try {
      await act();
    } catch (error) {
      this.flash(error.message);
    }
  }
}
