// Suggestions while typing: a list under the field, walked with the arrows, followed with Enter, closed with Escape.
// Without this file the form is a form. Nothing is asked for while an input method is still composing a word.

const WAIT = 180;

/** Make a field with data-suggest a combobox over the list that its address gives. */
function suggest(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-suggested`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "搜索建议");
  const told = document.createElement("span");
  told.className = "sr";
  told.setAttribute("role", "status");
  const frame = document.createElement("span");
  frame.className = "suggest";
  field.before(frame);
  frame.append(field, list, told);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) field.setAttribute(name, value);

  let asked = null;
  let timer = 0;
  const options = () => [...list.children];
  const chosen = () => options().find((option) => option.ariaSelected === "true");

  function choose(option) {
    for (const each of options()) each.ariaSelected = String(each === option);
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function open(is) {
    list.hidden = !is;
    field.setAttribute("aria-expanded", String(is));
    if (!is) choose(null);
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    open(false);
    told.textContent = "";
  }

  async function ask() {
    asked?.abort();
    const words = field.value.trim();
    if (!words) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: asked.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch {
      return; // typed on, or no network: the form still works
    }
    open(options().length > 0 && document.activeElement === field);
    told.textContent = options().length ? `有 ${options().length} 条建议，可用上下键选择` : "";
  }

  function step(by) {
    const all = options();
    const at = all.indexOf(chosen());
    const next = at + by;
    choose(next < 0 && at >= 0 ? null : all[(next + all.length) % all.length]);
  }

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  field.addEventListener("compositionend", () => { timer = setTimeout(ask, WAIT); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options().length) {
      event.preventDefault();
      if (list.hidden) open(true);
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      location.assign(chosen().dataset.href);
    }
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.href);
  });
}

for (const field of document.querySelectorAll("input[data-suggest]")) suggest(field);
