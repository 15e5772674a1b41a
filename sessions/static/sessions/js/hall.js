// The questions of a session: says that another one came. The page never reloads itself: somebody may be writing.

const EVERY = 10_000; // milliseconds; slower while the server cannot be reached

const line = document.querySelector("[data-newest]");

async function look(pause) {
  let next = EVERY;
  if (!document.hidden) {
    try {
      const answer = await fetch(line.dataset.state, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const { newest } = await answer.json();
      line.hidden = newest <= Number(line.dataset.newest);
      if (!line.hidden) return; // said once: it stands until the page is read anew
    } catch {
      next = Math.min(pause * 2, 8 * EVERY);
    }
  }
  setTimeout(look, next, next);
}

if (line) setTimeout(look, EVERY, EVERY);
