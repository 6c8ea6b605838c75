// Several things in one place: tabs that count what one has not seen, or, where there is room, all side by side.

import { element } from "./control.js";

export class Tabs {
  /** `items`: [{ label: [nodes], node, onShow }]. `together`: the media query under which all are shown. */
  constructor(root, items, together = "not all") {
    this.root = root;
    this.items = items;
    this.unread = items.map(() => 0);
    this.wide = matchMedia(together);
    this.buttons = items.map(({ label }, place) =>
      element(
        "button", { type: "button", role: "tab", onclick: () => this.choose(place) },
        ...label, element("span", { class: "badge", hidden: true }),
      ),
    );
    root.append(...this.buttons);
    this.wide.addEventListener("change", () => this.choose(this.chosen));
    this.choose(0);
  }

  get isTogether() {
    return this.wide.matches;
  }

  choose(place) {
    this.chosen = place;
    this.root.hidden = this.items.length < 2 || this.isTogether;
    this.items.forEach(({ node }, index) => {
      node.hidden = !this.isTogether && index !== place;
      this.buttons[index].setAttribute("aria-selected", String(index === place));
      if (!node.hidden) this.count(index, 0);
    });
    this.items[place].onShow?.();
  }

  /** Something new came; it is counted when nobody sees it. */
  came(place) {
    if (this.items[place].node.hidden) this.count(place, this.unread[place] + 1);
  }

  count(place, number) {
    this.unread[place] = number;
    const badge = this.buttons[place].lastChild;
    badge.textContent = number;
    badge.hidden = number === 0;
  }
}
