// The list of people: one line each, drawn once, then changed in place; searching and filtering hide lines.

const WORDS = { present: "到", late: "迟到", leave: "请假", absent: "缺席" };
const TONES = { present: "ok", visitor: "ok", absent: "err", leave: "sky", exempt: "sky" };

export const nameOf = (status) => WORDS[status];

export class List {
  /** `element` is the list, `template` one line; `chosen(person, status)` and `undone(entry)` are told what is pressed. */
  constructor(element, template, { chosen, undone }) {
    Object.assign(this, { element, template, chosen, undone, people: new Map(), lines: new Map(), entries: new Map(), drawn: new WeakMap() });
    element.addEventListener("click", ({ target }) => this.pressed(target.closest("button")));
  }

  pressed(button) {
    const person = this.people.get(Number(button?.closest("li").dataset.id));
    if (!person) return;
    if (button.dataset.status) this.chosen(person, button.dataset.status);
    else this.undone(this.entries.get(person.id));
  }

  /** Show these people, in their order; `entries` are what waits on this device, by person. */
  show(people, entries) {
    this.entries = entries;
    const keys = new Set(people.map(({ id }) => id));
    const before = [...this.people.keys()].join();
    for (const [id, line] of this.lines) {
      if (!keys.has(id)) {
        line.remove();
        this.lines.delete(id);
      }
    }
    this.people = new Map(people.map((person) => [person.id, person]));
    if (before !== [...this.people.keys()].join()) this.element.append(...people.map((person) => this.line(person)));
    for (const person of people) this.draw(person);
  }

  line(person) {
    const known = this.lines.get(person.id);
    if (known) return known;
    const line = this.template.content.firstElementChild.cloneNode(true);
    line.dataset.id = person.id;
    line.querySelector("[data-name]").textContent = person.name;
    line.querySelector("[data-unit]").textContent = person.unit;
    line.querySelector("[data-visitor]").hidden = person.listed;
    line.querySelector("[data-buttons]").setAttribute("aria-label", `登记${person.name}`);
    this.lines.set(person.id, line);
    return line;
  }

  draw(person) {
    const line = this.lines.get(person.id);
    const entry = this.entries.get(person.id);
    // After each tick the whole list is shown again: a line that says the same is left alone.
    const looks = JSON.stringify([person, entry]);
    if (this.drawn.get(line) === looks) return;
    this.drawn.set(line, looks);
    const part = (name) => line.querySelector(`[data-${name}]`);
    const tag = part("tag");
    const open = !entry && (!person.status || person.claim);
    tag.className = `tag ${entry ? "warn" : TONES[person.status] ?? (person.status ? "warn" : "")}`;
    tag.textContent = this.said(person, entry);
    part("claim").hidden = !person.claim || Boolean(entry);
    part("disputed").hidden = !person.disputed;
    part("buttons").hidden = !open;
    part("undo").hidden = !entry || entry.tries > 0 || entry.state !== "waiting";
    part("change").hidden = open || Boolean(entry) || person.done;
    part("change").href = `${this.element.dataset.roll}?q=${encodeURIComponent(person.name)}`;
    part("change").setAttribute("aria-label", `到名册更改${person.name}的记录`);
    line.querySelector('[data-status="leave"]').hidden = !person.listed;
    line.querySelector('[data-status="present"]').textContent = person.claim ? "确认在场" : "到";
    line.dataset.shown = entry ? "waiting" : open ? "none" : "done";
  }

  said(person, entry) {
    if (entry) return `${WORDS[entry.status]} ${entry.clock} · ${entry.state === "waiting" ? "待上传" : "需要处理"}`;
    if (person.done && !person.status) return "断网前已登记";
    return person.status ? `${person.label}${person.time ? ` ${person.time}` : ""}` : "未登记";
  }

  /** Hide who does not fit the words or the filter; returns how many are left. */
  filter(words, only) {
    const latin = words.toLowerCase();
    let shown = 0;
    for (const person of this.people.values()) {
      const named = person.name.includes(words) || person.initials.startsWith(latin) || ` ${person.pinyin}`.includes(` ${latin}`);
      const line = this.lines.get(person.id);
      line.hidden = !named || Boolean(only && line.dataset.shown !== only);
      if (!line.hidden) shown += 1;
    }
    return shown;
  }
}
