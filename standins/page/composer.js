// Where a person writes: the text, a file to go with it, and the commands' menu.

import { element } from "./control.js";

const PATHS = {
  send: "M3.4 20.4 21 12 3.4 3.6 3.4 10l11 2-11 2z",
  attach: "M16.5 6v11.5a4 4 0 0 1-8 0V5a2.5 2.5 0 0 1 5 0v10.5a1 1 0 0 1-2 0V6H10v9.5a2.5 2.5 0 0 0 5 0V5a4 4 0 0 0-8 0v12.5a5.5 5.5 0 0 0 11 0V6z",
};

export class Composer {
  /** `say(text)`, `attach(file, caption)`, `commands()` → [{command, description}]. */
  constructor({ say, attach, commands }) {
    Object.assign(this, { say, attach, commands, file: null });
    this.menu = element("div", { class: "menu", hidden: true });
    this.input = element("textarea", {
      rows: 1, placeholder: "Message", "aria-label": "Message", enterKeyHint: "send", autocomplete: "off",
    });
    this.menuButton = element("button", { type: "button", class: "menu-button", "aria-expanded": "false" }, "Menu");
    this.picker = element("input", { type: "file", accept: ".csv,text/csv,text/plain,application/pdf", hidden: true });
    this.chip = element("button", { type: "button", class: "chip", hidden: true, title: "Take it off again" });
    const clip = element("button", { type: "button", class: "attach", "aria-label": "Attach a file" }, icon("attach"));
    const send = element("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send"));
    const field = element("div", { class: "field" }, this.chip, this.input);
    this.root = element("form", { class: "composer" }, this.menuButton, clip, this.picker, field, send);
    clip.addEventListener("click", () => this.picker.click());
    this.listen();
  }

  listen() {
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("input", () => this.fit());
    this.picker.addEventListener("change", () => this.hold(this.picker.files[0] ?? null));
    this.chip.addEventListener("click", () => this.hold(null));
    this.menuButton.addEventListener("click", () => this.toggleMenu());
  }

  submit() {
    const text = this.input.value.trim();
    if (!text && !this.file) return;
    const file = this.file;
    this.input.value = "";
    this.hold(null);
    this.fit();
    if (file) this.attach(file, text);
    else this.say(text);
  }

  hold(file) {
    this.file = file;
    if (!file) this.picker.value = "";
    this.chip.hidden = file === null;
    this.chip.textContent = file ? `${file.name} ✕` : "";
    this.input.placeholder = file ? "Caption, for example /bulk" : "Message";
    if (file) this.input.focus();
  }

  focus() {
    if (matchMedia("(hover: hover)").matches) this.input.focus();
  }

  async toggleMenu() {
    if (!this.menu.hidden) return this.hideMenu();
    const commands = await this.commands();
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

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }
}

/** A file's bytes as base64. */
export function read(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}
