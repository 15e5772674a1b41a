// When something happened, by the server's clock, although this device's clock may be hours off or be set meanwhile.
// A moment is what two clocks say: `device` (milliseconds since 1970, may be wrong or be set) and `mono` (the timer of
// this page, which nobody can set but which may stand still while the device sleeps), and whose timer it is.
// A measure is such a moment with `offset`: by how much the device's clock was ahead of the server's at that moment.

const SAME = 2000;
const words = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Random characters for nonces and names; crypto.randomUUID is only there on secure pages. */
export const random = () => crypto.randomUUID?.() ?? words(crypto.getRandomValues(new Uint8Array(16)));

export const session = random();
export const moment = () => ({ device: Date.now(), mono: performance.now(), session });

/** The server's time lies halfway between asking and its answer. */
export function measured(asked, answered, server) {
  const half = (a, b) => (a + b) / 2;
  const device = half(asked.device, answered.device);
  return { device, mono: half(asked.mono, answered.mono), session, offset: device - server };
}

/** How far the two clocks disagree about the time between a moment and a measure; huge when they cannot be compared. */
function drift(at, measure) {
  if (at.session !== measure.session) return Infinity;
  return Math.abs(at.device - measure.device - (at.mono - measure.mono));
}

/**
 * By how much the device's clock was ahead at the moment `at`. `before` was measured before it (null: never), `now` at
 * the upload. Where both clocks agree about the time between, that measure holds; else the clock was set or the device
 * slept: if both measures say the same, it slept; if not, what was known before counts.
 */
export function offsetAt(at, before, now) {
  const known = [before, now].filter(Boolean);
  const [best] = known.sort((a, b) => drift(at, a) - drift(at, b));
  if (!best) return null;
  if (drift(at, best) <= SAME || !before || !now) return Math.round(best.offset);
  return Math.round(Math.abs(before.offset - now.offset) <= SAME ? now.offset : before.offset);
}
