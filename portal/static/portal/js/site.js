// Small comforts. Every page works without this file: filters have their button, links can be copied by hand.

/** Filters marked data-autosubmit send themselves when a choice changes; their button steps back. */
function submitOnChange(form) {
  form.addEventListener("change", () => form.requestSubmit());
  for (const button of form.querySelectorAll("[data-only-without-script]")) button.hidden = true;
}

/** A button data-copy copies this page's address and says so for three seconds. */
function copyAddress(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    await navigator.clipboard.writeText(button.dataset.copy || location.href.split("#")[0]);
    label.textContent = "已复制";
    setTimeout(() => { label.textContent = before; }, 3000);
  });
}

/** A button data-print opens the print dialogue; it is hidden in the markup and shown here. */
function offerPrint(button) {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    window.print();
  });
}

/** A text field data-count shows how many characters stand in it; read aloud only at the limit. */
function countCharacters(field) {
  const line = document.createElement("p");
  line.className = "hint tnum";
  field.after(line);
  const limit = field.maxLength > 0 ? field.maxLength : 0;
  const show = () => {
    const length = [...field.value].length;
    line.textContent = limit ? `已写 ${length} 字，最多 ${limit} 字` : `已写 ${length} 字`;
    line.setAttribute("aria-live", limit && length >= limit ? "polite" : "off");
  };
  field.addEventListener("input", show);
  show();
}

/** A form is sent once: the button keeps its place and the focus, and says that it is at work. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    if (event.submitter?.dataset.busy) event.submitter.textContent = event.submitter.dataset.busy;
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
}

/** The menu of a phone folds up again at Escape and at a tap beside it. */
function foldUp(menu) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

/** A box data-all checks every box of the same form that is named by it. */
function checkAll(box) {
  const boxes = () => document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(box.dataset.all)}"]`);
  box.addEventListener("change", () => {
    for (const one of boxes()) one.checked = box.checked;
  });
}

/** What pages keep on a device for use without network belongs to one account: for anybody else it is thrown away. */
async function forgetOthers(account) {
  const foreign = (await caches.keys()).filter((name) => name.startsWith("account-") && name !== `account-${account}`);
  await Promise.all(foreign.map((name) => caches.delete(name)));
}

if ("caches" in window && "account" in document.documentElement.dataset) forgetOthers(document.documentElement.dataset.account);
for (const form of document.querySelectorAll("form[data-autosubmit]")) submitOnChange(form);
for (const button of document.querySelectorAll("[data-copy]")) copyAddress(button);
for (const button of document.querySelectorAll("[data-print]")) offerPrint(button);
for (const field of document.querySelectorAll("textarea[data-count]")) countCharacters(field);
for (const form of document.querySelectorAll("form[data-once]")) sendOnce(form);
for (const menu of document.querySelectorAll("details.menu")) foldUp(menu);
for (const box of document.querySelectorAll("[data-all]")) checkAll(box);
document.querySelector("[data-focus]")?.focus();
