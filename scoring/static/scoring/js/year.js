// Counts the ticked areas and says so on the buttons; without it the same form works, only without the number.
for (const form of document.querySelectorAll("form[data-areas]")) {
  const boxes = [...form.querySelectorAll("input[name=areas]")];
  const all = form.querySelector("[data-all]");
  const said = form.querySelector("[data-chosen]");
  const buttons = [...form.querySelectorAll(".bulk button[name=action]")];
  const ticked = () => boxes.filter((box) => box.checked);

  const show = () => {
    const chosen = ticked();
    said.textContent = chosen.length ? `已选 ${chosen.length} 个区域` : "勾选区域以后一起办理";
    for (const box of boxes) box.closest("tr").classList.toggle("sel", box.checked);
    for (const button of buttons) {
      const fit = chosen.filter((box) => box.dataset.can.split(" ").includes(button.value)).length;
      button.querySelector("span").textContent = fit ? `${button.dataset.label} ${fit} 个` : button.dataset.label;
      button.classList.toggle("year-off", !fit);
    }
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  };

  // Only what the pressed button can do is sent; the others stay ticked on the page.
  form.addEventListener("submit", (event) => {
    const action = event.submitter?.name === "action" && event.submitter.value;
    if (!action) return;
    for (const box of ticked()) box.checked = box.dataset.can.split(" ").includes(action);
  });
  form.addEventListener("change", show);
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  all.hidden = false;
  show();
}
