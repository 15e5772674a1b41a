// Talking to the server: the roll, and uploads in batches that may be repeated as often as the network likes.

import { measured, moment, offsetAt } from "./clock.js";
import * as queue from "./queue.js";

const PATIENCE = 10_000;
const FRESH = 60_000;
const LONGEST = 60_000;
const UNDO = 3000;

const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);

export class Server {
  /** `desk` is the page's element; `told(change)` is called with {net, roll, answers} whenever something is known. */
  constructor(desk, device, told) {
    Object.assign(this, { desk, device, told, net: "unknown", measure: null, most: Number(desk.dataset.most) });
    Object.assign(this, { etag: "", waitUntil: 0, misses: 0, busy: false, account: Number(desk.dataset.account) });
  }

  /** By how much this device's clock is ahead; null before the first measure. */
  get offset() {
    return this.measure?.offset ?? null;
  }

  async ask(url, options) {
    const before = moment();
    const answer = await fetch(url, { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE), ...options });
    const server = Number(answer.headers.get("Server-Moment"));
    if (server) this.measure = measured(before, moment(), server);
    return answer;
  }

  /** Fetch the roll; returns whether the server was reached and let us in. */
  async look() {
    const headers = this.etag ? { "If-None-Match": this.etag } : {};
    try {
      const answer = await this.ask(this.desk.dataset.state, { headers });
      if (answer.status === 200) {
        const roll = await answer.json();
        if (roll.account !== this.account) return this.met("other_account");
        this.etag = answer.headers.get("ETag");
        this.told({ roll });
      } else if (answer.status !== 304) {
        return this.met(answer.status === 401 ? "signed_out" : answer.status === 404 ? "not_mine" : "away");
      }
      return this.met("there");
    } catch {
      return this.met("away");
    }
  }

  met(net) {
    this.net = net;
    const there = net === "there";
    this.misses = there ? 0 : this.misses + 1;
    // Twice as long after each miss, and never all devices of the hall in the same instant.
    const pause = Math.min(LONGEST, 1000 * 2 ** this.misses) * (0.75 + Math.random() / 2);
    this.waitUntil = there ? 0 : performance.now() + pause;
    this.told({ net });
    return there;
  }

  /** Send what waits, unless it is too early to try again; `now` tries at once. */
  async send({ now = false } = {}) {
    if (this.busy || (!now && performance.now() < this.waitUntil)) return;
    this.busy = true;
    try {
      // One page at a time, where several are open: the others find the queue empty afterwards.
      if (navigator.locks) await navigator.locks.request("desk", { ifAvailable: true }, (lock) => lock && this.sendAll());
      else await this.sendAll();
    } finally {
      this.busy = false;
    }
  }

  async sendAll() {
    for (;;) {
      const waiting = (await queue.all()).filter((entry) => entry.account === this.account && entry.state === "waiting");
      const ready = waiting.filter((entry) => entry.tries || Date.now() - entry.at.device > UNDO || Date.now() < entry.at.device);
      if (!ready.length) return;
      const stale = !this.measure || performance.now() - this.measure.mono > FRESH;
      if ((stale || this.net !== "there") && !(await this.look())) return;
      const { activity } = ready[0];
      const batch = ready.filter((entry) => entry.activity === activity).slice(0, this.most);
      if (!(await this.upload(activity, batch))) return;
    }
  }

  /** Upload one batch; returns whether it is worth going on. */
  async upload(activity, batch) {
    const tried = batch.map((entry) => ({ ...entry, tries: entry.tries + 1 }));
    await queue.put(...tried);
    this.told({ tried });
    const entries = tried.map((entry) => ({
      nonce: entry.nonce, person: entry.person, card: entry.card, status: entry.status, reason: entry.reason,
      device_ms: entry.at.device, offset_ms: offsetAt(entry.at, entry.measure, this.measure) ?? 0,
      queued: entry.queued, scanned: entry.scanned,
    }));
    const body = JSON.stringify({ account: this.account, device: this.device, entries });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") ?? "" };
    try {
      const url = this.desk.dataset.sync.replace(/\/\d+\//, `/${activity}/`);
      const answer = await this.ask(url, { method: "POST", headers, body });
      if (answer.status === 200) return await this.settle(tried, (await answer.json()).answers);
      return await this.unanswered(answer, tried);
    } catch {
      return this.met("away");
    }
  }

  /** What the server has answered for leaves the queue, or stays as something to be looked at. */
  async settle(tried, answers) {
    const byNonce = new Map(answers.map((answer) => [answer.nonce, answer]));
    const answered = tried.filter(({ nonce }) => byNonce.has(nonce));
    const problems = answered.filter(({ nonce }) => !byNonce.get(nonce).taken);
    await queue.put(...problems.map((entry) => ({ ...entry, state: "problem", problem: byNonce.get(entry.nonce) })));
    await queue.take(...answered.filter(({ nonce }) => byNonce.get(nonce).taken).map(({ nonce }) => nonce));
    this.met("there");
    this.told({ answers: answered.map((entry) => ({ entry, answer: byNonce.get(entry.nonce) })) });
    return answered.length > 0;
  }

  async unanswered(answer, tried) {
    if (answer.status === 401) return this.met("signed_out");
    if (answer.status === 404) return this.met("not_mine");
    if (answer.status === 409) return this.met("other_account");
    if (answer.status === 403) return this.met("reload");
    if (answer.status !== 400 && answer.status !== 413) return this.met("away");
    // A batch that cannot be read is cut in two until the one entry is found that is the cause.
    if (tried.length > 1) {
      this.most = Math.ceil(tried.length / 2);
      return true;
    }
    const { reason } = await answer.json();
    this.most = Number(this.desk.dataset.most);
    return this.settle(tried, [{ nonce: tried[0].nonce, taken: false, outcome: "invalid", reason, row: null }]);
  }
}
