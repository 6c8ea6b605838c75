// One person's chat with the bot. Any number of these can stand on a page.

import { clock, element, get, post } from "./control.js";
import { link, render } from "./entities.js";

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
    this.menu = element("div", { class: "menu", hidden: true });
    this.input = element("textarea", {
      rows: 1, placeholder: "Message", "aria-label": "Message", enterKeyHint: "send", autocomplete: "off",
    });
    this.menuButton = element("button", { type: "button", class: "menu-button", "aria-expanded": "false" }, "Menu");
    this.send = element("button", { type: "submit", class: "send", "aria-label": "Send" }, arrow());
    this.composer = element("form", { class: "composer" }, this.menuButton, this.input, this.send);
    this.startButton = element("button", { type: "button", class: "start", hidden: true }, "Start");
    this.blockButton = element("button", { type: "button", class: "quiet" }, "Block");
    this.alert = element("dialog", { class: "alert" });
    this.root = element(
      "article", { class: "chat", "aria-label": `${this.person.first_name}'s chat with ${this.bot.name}` },
      this.header(), this.log, this.toast, this.menu, this.keyboard, this.startButton, this.composer, this.alert,
    );
    this.listen();
  }

  header() {
    return element(
      "header", { class: "chat-header" },
      element("span", { class: "avatar", "aria-hidden": "true" }, this.bot.name.slice(0, 1)),
      element("div", { class: "chat-title" }, element("strong", {}, this.bot.name), this.status),
      this.blockButton,
    );
  }

  listen() {
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => this.fit());
    this.menuButton.addEventListener("click", () => this.toggleMenu());
    this.startButton.addEventListener("click", () => this.start());
    this.blockButton.addEventListener("click", () => this.toggleBlock());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hideMenu();
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
    const node = this.bubble(message);
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
    this.composer.hidden = starts;
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

  bubble(message) {
    const content = element("div", { class: "bubble" });
    if (message.photo) content.append(element("img", { src: message.photo.url, alt: "Photo", class: "photo" }));
    if (message.document) content.append(this.file(message.document));
    if (message.contact) content.append(this.card(message.contact));
    if (message.text) {
      content.append(element("div", { class: "text" }, render(message.text, message.entities, this.act)));
    }
    const edited = message.edits && message.from === "bot" ? "edited " : "";
    const when = new Date(message.date * 1000);
    content.append(element("time", { dateTime: when.toISOString() }, edited + clock(message.date)));
    const buttons = message.buttons.length ? this.inline(message) : null;
    return element("div", { class: `message from-${message.from}` }, content, buttons);
  }

  file(file) {
    const size = `${Math.max(1, Math.round(file.size / 1024))} KB`;
    return element(
      "a", { class: "file", href: file.url, download: file.file_name },
      element("strong", {}, file.file_name), element("span", {}, size),
    );
  }

  card(contact) {
    return element(
      "div", { class: "contact" },
      element("strong", {}, contact.first_name), element("span", {}, `+${contact.phone_number.replace(/^\+/, "")}`),
    );
  }

  inline(message) {
    const rows = message.buttons.map((row) =>
      element("div", { class: "row" }, ...row.map((button) => this.inlineButton(message, button))),
    );
    return element("div", { class: "inline-keyboard" }, ...rows);
  }

  inlineButton(message, button) {
    const look = `key ${button.style ? `key-${button.style}` : ""}`;
    if (button.url) {
      const anchor = link(button.url, this.act);
      anchor.className = look;
      anchor.append(button.text);
      return anchor;
    }
    const key = element("button", { type: "button", class: look }, button.text);
    key.addEventListener("click", () => (button.copy ? this.copy(button.copy) : this.tap(key, message, button)));
    return key;
  }

  async tap(key, message, button) {
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
    this.keyboard.hidden = rows.length === 0 || this.composer.hidden;
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

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    this.say(text);
  }

  start() {
    const payload = this.deepLink;
    this.deepLink = null;
    history.replaceState(null, "", location.pathname);
    this.say(payload ? `/start ${payload}` : "/start");
  }

  async say(text) {
    this.hideMenu();
    await this.try(() => post("telegram/say", { user_id: this.person.user_id, text }));
    if (matchMedia("(hover: hover)").matches) this.input.focus();
  }

  async toggleMenu() {
    if (!this.menu.hidden) return this.hideMenu();
    const commands = await get(`telegram/commands/${this.person.user_id}`);
    this.menu.replaceChildren(...commands.map((command) => this.menuItem(command)));
    if (!commands.length) this.menu.append(element("p", { class: "hint" }, "The bot has set no commands yet."));
    this.menu.hidden = false;
    this.menuButton.setAttribute("aria-expanded", "true");
    this.menu.querySelector("button")?.focus();
  }

  menuItem({ command, description }) {
    const act = () => this.say(`/${command}`);
    return element(
      "button", { type: "button", onclick: act }, element("b", {}, `/${command}`), element("span", {}, description),
    );
  }

  hideMenu() {
    this.menu.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
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

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
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

function arrow() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M3.4 20.4 21 12 3.4 3.6 3.4 10l11 2-11 2z");
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}
