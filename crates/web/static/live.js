// News arrives as one quiet line; nothing on the page moves until the reader asks for it. The stream
// ends while the page is hidden and starts again when it is seen.
const line = document.querySelector("[data-live]");
let stream;
function listen() {
  stream?.close();
  stream = new EventSource(line.dataset.live);
  stream.addEventListener("news", (event) => {
    const news = JSON.parse(event.data);
    for (const [name, count] of Object.entries(news.counts ?? {})) {
      const badge = document.querySelector(`[data-count="${name}"]`);
      if (badge) { badge.textContent = count; badge.hidden = count === "0"; }
    }
    if (!news.text) return;
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = news.text;
    line.replaceChildren(link);
  });
}
if (line) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? stream.close() : listen()));
}
// The clock of the top bar and the reader's own time beside every absolute one.
const clock = document.querySelector("[data-clock]");
if (clock) {
  setInterval(() => { clock.textContent = `UTC ${new Date().toISOString().slice(11, 16)}`; }, 5000);
}
for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf())) {
    time.title = moment.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "long" });
  }
}
