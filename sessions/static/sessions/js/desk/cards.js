// A scanned or typed code card, and whom it belongs to. The device knows digests only: a code cannot be found from one.

const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const READ_AS = { O: "0", I: "1", L: "1" };
const SHOWN = 32;

/** The code in its plain form, "" for what is none. */
export function cleaned(typed) {
  const plain = typed.normalize("NFKC").toUpperCase().replaceAll(/[\s-]/g, "").replaceAll(/[OIL]/g, (each) => READ_AS[each]);
  return CODE.test(plain) ? plain : "";
}

/** The beginning of the code's SHA-256 in hex; null where the browser gives none (a page that is not secure). */
export async function digestOf(code) {
  if (!crypto.subtle) return null;
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, SHOWN);
}

export const seesCodes = "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);

/** Look through the camera and call `found(text)` for every code, each at most once in three seconds; returns the way to stop. */
export async function watch(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const seen = new Map();
  video.srcObject = stream;
  await video.play();
  const timer = setInterval(async () => {
    const codes = await detector.detect(video).catch(() => []);
    for (const { rawValue } of codes) {
      if (performance.now() - (seen.get(rawValue) ?? -Infinity) > 3000) found(rawValue);
      seen.set(rawValue, performance.now());
    }
  }, 250);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}
