// The screen in the hall: asks for its state every second and a half and draws what is new.
// The count-down starts from the milliseconds the server sends and runs on the monotonic timer of the page,
// so the clock of this computer plays no part. When the network is away, everything stays and a line says so.

const EVERY = 1500;
const NEW_FOR = 5000;
const SPOKEN_EVERY = 15000;
const AWAY = "网络中断，签到仍有效";

const wall = document.querySelector("[data-wall]");
const part = (name) => wall.querySelector(`[data-${name}]`);
let etag = wall.dataset.etag;
let step = Number(wall.dataset.step);
let endsAt = performance.now() + Number(wall.dataset.remaining);
let line = part("state").textContent;
let spokenAt = -SPOKEN_EVERY;
let asking = false;

function tick() {
  const left = Math.max(0, endsAt - performance.now());
  part("seconds").textContent = Math.ceil(left / 1000);
  part("ring").setAttribute("stroke-dashoffset", (100 - (100 * left) / step).toFixed(1));
  if (left === 0 && !part("scan").hidden) ask();
}

function drawCode(shown) {
  const drawn = shown.qr ? new DOMParser().parseFromString(shown.qr, "text/html").querySelector("svg") : null;
  part("qr").replaceChildren(...(drawn ? [document.adoptNode(drawn)] : []));
  part("digits").textContent = shown.digits;
  part("ended").hidden = Boolean(drawn);
  part("ended").textContent = shown.state;
  part("scan").hidden = !drawn;
  part("typed").hidden = !drawn;
  step = shown.step_ms;
  endsAt = performance.now() + shown.remaining_ms;
}

function drawNames(names) {
  const seen = new Set(Array.from(part("names").children, (row) => row.textContent));
  const rows = names.map(({ name, time }) => {
    const row = document.createElement("li");
    const at = document.createElement("time");
    at.textContent = time;
    row.append(name, at);
    return row;
  });
  const fresh = rows.filter((row) => !seen.has(row.textContent)).slice(0, 2);
  fresh.forEach((row) => row.classList.add("new"));
  part("names").replaceChildren(...rows);
  setTimeout(() => fresh.forEach((row) => row.classList.remove("new")), NEW_FOR);
}

function drawFigures(shown) {
  part("came").textContent = shown.came;
  part("bar").max = shown.everyone || 1;
  part("bar").value = shown.there;
  part("sums").replaceChildren(
    ...shown.sums.map((text) => {
      const sum = document.createElement("span");
      sum.textContent = text;
      return sum;
    }),
  );
  if (performance.now() - spokenAt >= SPOKEN_EVERY) {
    spokenAt = performance.now();
    part("spoken").textContent = `${shown.came} 人已签到，${shown.sums.join("，")}`;
  }
}

function draw(shown) {
  part("clock").textContent = shown.clock;
  part("day").textContent = shown.day;
  line = shown.state;
  drawCode(shown);
  drawFigures(shown);
  drawNames(shown.names);
}

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(wall.dataset.wall, {
      headers: { "If-None-Match": etag },
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 200) {
      etag = answer.headers.get("ETag");
      draw(await answer.json());
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    part("state").textContent = line;
  } catch {
    part("state").textContent = AWAY;
  } finally {
    asking = false;
  }
}

setInterval(tick, 250);
setInterval(ask, EVERY);
