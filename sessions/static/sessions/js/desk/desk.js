// The recorder's desk: what is ticked is on the disk of this device before it is shown, and goes to the server when
// there is a network. Nothing here decides about a row; the server answers for each entry.

import { cleaned, digestOf, seesCodes, watch } from "./cards.js";
import { moment, random } from "./clock.js";
import { keepPage, keepRoll, keptRoll, offers } from "./kept.js";
import { List, nameOf } from "./list.js";
import { Problems } from "./problems.js";
import * as queue from "./queue.js";
import { Server } from "./server.js";

const LOOK_EVERY = 60_000;
const SEND_EVERY = 1000;
const FLAG = 120_000;
const AWAY = ["leave", "absent", "exempt"];
const NET = {
  unknown: "正在连接", there: "网络正常", away: "没有网络，登记先存在这台设备上", signed_out: "登录已过期，登记先存在这台设备上",
  not_mine: "这个账号现在不负责这份名册，登记还在这台设备上", reload: "页面需要刷新，登记还在这台设备上",
  other_account: "现在登录的是另一个账号，登记还在这台设备上",
};

const desk = document.querySelector("[data-desk]");
const part = (name) => desk.querySelector(`[data-part="${name}"]`);
const activity = Number(desk.dataset.activity);
const account = Number(desk.dataset.account);
const two = (number) => String(number).padStart(2, "0");

let roll = null;
let entries = [];
let only = "";
let shown = {};

const list = new List(part("list"), part("line"), { chosen: (person, status) => tick({ person, status }), undone: undo });
const problems = new Problems(part("problems"), { again, dropped: drop });
const server = new Server(desk, await queue.deviceName(), told);

/** The hour and minute of the server, for the eye; the server reckons for itself. */
function clock() {
  const now = new Date(Date.now() - (server.offset ?? 0));
  return `${two(now.getHours())}:${two(now.getMinutes())}`;
}

const isLate = () => roll && Date.now() - (server.offset ?? 0) > roll.late_until;
const mine = () => entries.filter((entry) => entry.account === account);

function told({ net, roll: fresh, answers, tried }) {
  if (fresh) {
    roll = fresh;
    keepRoll(desk, roll).catch(() => {});
  }
  for (const { entry, answer } of answers ?? []) {
    entries = entries.filter(({ nonce }) => nonce !== entry.nonce);
    if (!answer.taken) entries.push({ ...entry, state: "problem", problem: answer });
    if (entry.activity === activity && answer.person && answer.row) wrote(answer);
  }
  for (const entry of tried ?? []) entries = entries.map((each) => (each.nonce === entry.nonce ? entry : each));
  if (fresh || answers || tried) draw();
  if (net) drawNet();
}

/** The server's answer for one person, also for a visitor who was not on the list. */
function wrote({ person, name, row, outcome }) {
  const known = roll?.people.find(({ id }) => id === person);
  const news = { ...row, disputed: outcome === "disputed" || Boolean(known?.disputed), done: false };
  if (known) Object.assign(known, news);
  else roll?.people.push({ id: person, name, initials: "", pinyin: "", unit: "", listed: false, ...news });
}

function draw() {
  const here = mine().filter((entry) => entry.activity === activity && entry.person);
  list.show(roll?.people ?? [], new Map(here.map((entry) => [entry.person, entry])));
  problems.show(mine().filter(({ state }) => state === "problem"), activity);
  const waiting = mine().filter(({ state }) => state === "waiting").length;
  part("waiting").textContent = waiting ? `还有 ${waiting} 条待上传` : "全部已上传";
  part("send").hidden = !waiting;
  const others = entries.filter((entry) => entry.account !== account).length;
  part("others").hidden = !others;
  part("others-count").textContent = others;
  part("state").textContent = roll && !roll.open ? roll.state : "";
  part("closed").hidden = !roll || roll.open;
  part("reason").hidden = !isLate();
  part("empty").hidden = Boolean(roll);
  filter();
}

function drawNet() {
  desk.dataset.net = server.net;
  part("net").textContent = NET[server.net];
  part("login").hidden = server.net !== "signed_out" && server.net !== "other_account";
  const ahead = server.offset ?? 0;
  part("clock").hidden = Math.abs(ahead) <= FLAG;
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  const long = minutes < 60 ? `${minutes} 分钟` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`;
  part("clock-words").textContent = `这台设备的时钟${ahead > 0 ? "快" : "慢"} ${long}，登记时间已按服务器校正。`;
}

function filter() {
  const shown = list.filter(part("search").value.trim(), only);
  part("nobody").hidden = !roll || shown > 0;
}

/** Keep one entry on the disk, then show it. */
async function tick({ person = null, card = "", status, scanned = false, reason = part("reason-words").value.trim(), at = null }) {
  if (isLate() && status !== "leave" && !reason) {
    say("已过迟到截止时间，请先写明原因，再登记到场。");
    part("reason").hidden = false;
    part("reason-words").focus();
    return null;
  }
  const entry = {
    nonce: random(), account, activity, title: roll?.title ?? "", person: person?.id ?? null, name: person?.name ?? "名单外来访",
    card, status, reason, scanned, at: at?.at ?? moment(), measure: at ? at.measure : server.measure, clock: at?.clock ?? clock(),
    queued: at?.queued ?? server.net !== "there", tries: 0, state: "waiting", problem: null,
  };
  try {
    await queue.put(entry);
  } catch {
    say(`${entry.name}：没有存下来，这台设备的存储可能满了。请改用名册登记。`);
    return null;
  }
  entries.push(entry);
  draw();
  say(`${entry.name}：${nameOf(status)}，${entry.clock}`);
  return entry;
}

async function undo(entry) {
  if (!entry || entry.tries) return;
  await drop(entry);
  say(`${entry.name}：已撤销`);
}

async function drop(entry) {
  await queue.take(entry.nonce);
  entries = entries.filter(({ nonce }) => nonce !== entry.nonce);
  part("face").hidden = true;
  draw();
}

/** What was refused is entered anew with a reason: another nonce, the same moment. */
async function again(entry, reason) {
  const person = entry.person ? { id: entry.person, name: entry.name } : null;
  const made = await tick({ ...entry, person, reason, at: entry });
  if (made) await drop(entry);
}

function say(words) {
  part("said").textContent = words;
}

async function scan(typed) {
  const field = part("code");
  const code = cleaned(typed);
  field.value = code ? "" : field.value;
  if (!code) return say("这不是代表码。代表码是 16 位字母和数字，也可以按姓名查找。");
  const digest = await digestOf(code);
  const person = digest && roll?.people.find((each) => each.card && each.card === digest);
  if (!person) return face(null, code);
  const waiting = mine().some((entry) => entry.person === person.id && entry.activity === activity);
  if (!waiting && (!person.status || person.claim)) await tick({ person, status: "present", scanned: true });
  else say(`${person.name}：${person.label || "已经登记过"}`);
  return face(person, code, !waiting && AWAY.includes(person.status));
}

/** Show whose card it is: the recorder compares the face. Who is here although the roll says otherwise is entered on asking. */
function face(person, code, despite = false) {
  part("face").hidden = false;
  part("face-name").textContent = person ? person.name : "名单里没有这张代表码";
  part("face-unit").textContent = person ? person.unit : "可登记为列席来访，联网后核对是哪一位。";
  part("photo").hidden = !person?.photo;
  if (person?.photo) part("photo").src = person.photo;
  part("came").hidden = Boolean(person) && !despite;
  part("came").textContent = person ? `名册上是${person.label}，登记到场` : "登记列席来访";
  shown = person ? { person } : { card: code };
}

async function start() {
  entries = await queue.all();
  roll = await keptRoll(desk).catch(() => null);
  part("insecure").hidden = offers;
  draw();
  drawNet();
  if (await server.look()) keepPage(desk).then(() => { desk.dataset.kept = "yes"; }, () => {});
  await server.send({ now: true });
  setInterval(() => server.send(), SEND_EVERY);
  setInterval(() => { if (!document.hidden) server.look(); }, LOOK_EVERY);
  desk.dataset.ready = "yes";
}

part("search").addEventListener("input", filter);
part("find").addEventListener("submit", (event) => event.preventDefault());
part("filters").addEventListener("change", ({ target }) => { only = target.value; filter(); });
part("scan").addEventListener("submit", (event) => { event.preventDefault(); scan(part("code").value); });
part("came").addEventListener("click", async () => {
  if (await tick({ ...shown, status: "present", scanned: true })) part("face").hidden = true;
});
part("send").addEventListener("click", () => server.send({ now: true }));
window.addEventListener("online", () => server.look().then(() => server.send({ now: true })));
window.addEventListener("offline", () => server.met("away"));

let stop = null;
part("camera").hidden = !seesCodes;
part("camera").addEventListener("click", async () => {
  if (stop) stop();
  stop = stop ? null : await watch(part("video"), scan).catch(() => { say("没有打开摄像头，请用扫码枪或输入代表码。"); return null; });
  part("video").hidden = !stop;
  part("camera").setAttribute("aria-pressed", String(Boolean(stop)));
});

start();
