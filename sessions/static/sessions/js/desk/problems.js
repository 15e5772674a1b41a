// Entries that the server did not take: they stay on the device until the recorder has dealt with each.

export class Problems {
  /** `again(entry, reason)` enters it anew, `dropped(entry)` takes it out of the list. */
  constructor(element, { again, dropped }) {
    Object.assign(this, { element, again, dropped });
    this.list = element.querySelector("ul");
    this.template = element.querySelector("template");
  }

  show(entries) {
    this.element.hidden = entries.length === 0;
    const known = new Map([...this.list.children].map((line) => [line.dataset.nonce, line]));
    this.list.replaceChildren(...entries.map((entry) => known.get(entry.nonce) ?? this.line(entry)));
  }

  line(entry) {
    const line = this.template.content.firstElementChild.cloneNode(true);
    const part = (name) => line.querySelector(`[data-${name}]`);
    const { outcome, reason, name } = entry.problem;
    const words = part("words");
    line.dataset.nonce = entry.nonce;
    part("name").textContent = name || entry.name;
    part("when").textContent = `${entry.clock} · ${entry.title}`;
    part("why").textContent = reason;
    const late = outcome === "window_closed";
    part("late").hidden = !late;
    words.id = `why-${entry.nonce}`;
    part("label").htmlFor = words.id;
    const roll = this.element.dataset.roll.replace(/\/\d+\//, `/${entry.activity}/`);
    part("roll").href = entry.person ? `${roll}?q=${encodeURIComponent(entry.name)}` : roll;
    part("late").addEventListener("submit", (event) => {
      event.preventDefault();
      if (words.value.trim()) this.again(entry, words.value.trim());
      else words.focus();
    });
    part("done").addEventListener("click", () => this.dropped(entry));
    return line;
  }
}
