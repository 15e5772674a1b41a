// Counts the ticked declarations and says so on the button; without it the same form works, only without the number.
for (const form of document.querySelectorAll("form[data-declarations]")) {
  const boxes = [...form.querySelectorAll("input[name=chosen]")];
  const all = form.querySelector("[data-all]");
  const said = form.querySelector("[data-chosen]");
  const go = form.querySelector(".bulk [data-label]");
  if (!all || !go) continue;
  const plain = boxes.filter((box) => "plain" in box.dataset);

  const show = () => {
    const chosen = boxes.filter((box) => box.checked);
    const asking = chosen.filter((box) => !("plain" in box.dataset)).length;
    said.textContent = chosen.length ? `已选 ${chosen.length} 件${asking ? `，其中 ${asking} 件有提示` : "，都没有疑问"}` : "勾选以后一起通过";
    for (const box of boxes) box.closest("tr").classList.toggle("sel", box.checked);
    go.querySelector("span").textContent = chosen.length ? `${go.dataset.label} ${chosen.length} 件` : `${go.dataset.label}选中的`;
    all.checked = plain.length > 0 && plain.every((box) => box.checked);
    all.indeterminate = chosen.length > 0 && !all.checked;
  };

  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  all.addEventListener("change", () => {
    for (const box of plain) box.checked = all.checked;
    show();
  });
  all.hidden = false;
  show();
}
