// The gate's page with JavaScript: answers at once, keeps scans while there is no network, sends them when there is.
const gate = document.getElementById("gate");
const { token, edition, daily } = gate.dataset;
const base = `/checkin/${token}`;
const words = JSON.parse(gate.dataset.words);
const $ = (id) => document.getElementById(id);
const WAIT = 4000; // so long a person at the gate waits for the network

// --- what is kept on the device: the tickets' marks, every scan made here, those not sent yet
const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open(`checkin-${token.slice(0, 12)}`, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("scans", { keyPath: "id" }).createIndex("mark", "mark");
    asked.result.createObjectStore("facts");
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
async function kept(store, mode, act) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const block = database.transaction(store, mode);
    const asked = act(block.objectStore(store));
    block.oncomplete = () => resolve(asked?.result);
    block.onerror = block.onabort = () => reject(block.error);
  });
}
const put = (scan) => kept("scans", "readwrite", (store) => store.put(scan));
const allScans = () => kept("scans", "readonly", (store) => store.getAll());
const scansOf = (mark) => kept("scans", "readonly", (store) => store.index("mark").getAll(mark));

let marks = null; // {version, day, valid, unpaid, cancelled, inside}, the lists as sets
async function readMarks() {
  const facts = await kept("facts", "readonly", (store) => store.get("tickets"));
  if (facts) marks = asSets(facts);
}
function asSets(facts) {
  const sets = Object.fromEntries(["valid", "unpaid", "cancelled", "inside"].map((name) => [name, new Set(facts[name])]));
  return { ...facts, ...sets };
}
async function fetchMarks() {
  const headers = marks ? { "If-None-Match": `"${marks.version}"` } : {};
  const answer = await fetch(`${base}/tickets`, { headers, cache: "no-store" });
  if (answer.status !== 200) return;
  const facts = await answer.json();
  await kept("facts", "readwrite", (store) => store.put(facts, "tickets"));
  marks = asSets(facts);
}

// --- what a text says
const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const utf8 = (text) => new TextEncoder().encode(text);
async function markOf(code) {
  return hex(await crypto.subtle.digest("SHA-256", utf8(`${edition}:${code}`))).slice(0, 16);
}
let key; // undefined: not tried; null: this browser cannot
async function signed(code, signature) {
  if (key === undefined) {
    const raw = new Uint8Array(gate.dataset.key.match(/../g).map((byte) => parseInt(byte, 16)));
    key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]).catch(() => null);
  }
  if (key === null) return null;
  const bytes = Uint8Array.from(atob(signature.replace(/-/g, "+").replace(/_/g, "/") + "=="), (c) => c.charCodeAt(0));
  return crypto.subtle.verify({ name: "Ed25519" }, key, bytes, utf8(`fair-ticket:${edition}:${code}`));
}
async function read(text) {
  if (!text.includes(".")) {
    const code = text.replace(/\s/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").slice(0, 16);
    return { code, good: null };
  }
  const found = /^T1\.([0-9A-Z]{1,16})\.([A-Za-z0-9_-]{86})$/.exec(text);
  if (!found) return { code: "", good: false };
  return { code: found[1], good: await signed(found[1], found[2]) };
}
const dayOf = (time) => new Date(time).toLocaleDateString("sv", { timeZone: "Asia/Ho_Chi_Minh" });
const today = () => dayOf(Date.now());

async function insideHere(mark) {
  const scans = await scansOf(mark);
  const went = (scan) => scan.let_in || scan.result === "double"; // let in here, or known to be in elsewhere
  return scans.some((scan) => went(scan) && (!daily || dayOf(scan.at) === today()));
}
async function judgedHere({ code, good }, mark) {
  if (good === false) return "forged";
  if (code && (await insideHere(mark))) return "double";
  if (!marks) return good ? "ok" : "unknown";
  if (marks.inside.has(mark) && (!daily || marks.day === today())) return "double";
  if (marks.cancelled.has(mark)) return "cancelled";
  if (marks.unpaid.has(mark)) return "unpaid";
  return marks.valid.has(mark) || good ? "ok" : "unknown"; // a good signature: given after the list was fetched
}

// --- one look at a ticket
let looking = Promise.resolve();
function scan(text) {
  looking = looking.then(() => scanOne(text)).catch((error) => console.error(error));
  return looking;
}
async function scanOne(text) {
  const shown = await read(text);
  const mark = await markOf(shown.code);
  const sound = text.slice(0, 200).replace(/[\0\p{Surrogate}]/gu, ""); // half a letter is no JSON the server reads
  const row = { id: crypto.randomUUID(), text: sound, at: new Date().toISOString(), mark, sent: false };
  row.offline = row.let_in = false;
  if (shown.code && shown.good !== false && (await insideHere(mark))) {
    row.result = "double"; // refused at once: this device let it in
    show(row);
    await put(row);
    return sync();
  }
  const result = navigator.onLine ? await sendOne(row) : null;
  if (result) {
    Object.assign(row, { result, sent: true, let_in: result === "ok" });
  } else {
    row.result = await judgedHere(shown, mark);
    row.offline = true;
    row.let_in = row.result === "ok";
  }
  await put(row);
  show(row);
  await count();
}
function show(row) {
  const ok = row.result === "ok";
  const box = document.createElement("div");
  box.className = `verdict verdict--${ok ? "ok" : "bad"}`;
  box.dataset.result = row.result;
  const sign = document.createElement("span");
  sign.setAttribute("aria-hidden", "true");
  sign.className = "gate__title";
  sign.textContent = ok ? "✓" : "✕";
  const said = document.createElement("p");
  said.append(words[row.result], document.createElement("br"));
  const small = Object.assign(document.createElement("span"), { className: "small tab", textContent: row.text.slice(0, 30) });
  said.append(small, row.offline ? ` (${gate.dataset.offline})` : "");
  box.append(sign, said);
  $("answer").replaceChildren(box);
  navigator.vibrate?.(ok ? 80 : [80, 80, 200]);
}

// --- sending
const asSent = ({ id, text, at, offline, let_in }) => ({ id, text, at, offline, let_in });
async function post(rows) {
  const answer = await fetch(`${base}/scans`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ scans: rows.map(asSent) }),
    signal: AbortSignal.timeout(rows.length > 1 ? 30000 : WAIT),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const facts = await answer.json();
  $("inside").textContent = facts.inside;
  showHours(facts.hours);
  return new Map(facts.results.map((each) => [each.id, each.result]));
}
async function sendOne(row) {
  try {
    return (await post([row])).get(row.id) ?? null;
  } catch {
    return null; // no network after all: judged here, and sent later under the same number
  }
}
let sending = false;
async function sync() {
  if (sending || !navigator.onLine) return count();
  sending = true;
  try {
    const waiting = (await allScans()).filter((row) => !row.sent);
    for (let from = 0; from < waiting.length; from += 200) {
      const batch = waiting.slice(from, from + 200);
      const results = await post(batch);
      for (const row of batch) if (results.has(row.id)) await put({ ...row, sent: true, said: results.get(row.id) });
    }
    await fetchMarks();
  } catch {
    // the next time
  } finally {
    sending = false;
    await count();
  }
}
async function count() {
  const n = (await allScans()).filter((row) => !row.sent).length;
  $("waiting").textContent = n;
  $("state").textContent = n || !navigator.onLine ? gate.dataset.offline : gate.dataset.sent;
}
function showHours(hours) {
  const body = $("hours").querySelector("tbody");
  if (!body) return;
  body.replaceChildren(
    ...Object.entries(hours).map(([hour, n]) => {
      const row = document.createElement("tr");
      const head = Object.assign(document.createElement("th"), { scope: "row", textContent: `${hour}:00` });
      row.append(head, Object.assign(document.createElement("td"), { className: "num", textContent: n }));
      return row;
    }),
  );
}

// --- the camera
async function decoder() {
  if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: gate.dataset.decoder, onload: resolve, onerror: reject }));
  });
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    pen.drawImage(video, 0, 0);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsQR(picture.data, picture.width, picture.height)?.data;
  };
}
async function look() {
  const video = $("video");
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.hidden = false;
  await video.play();
  const decode = await decoder();
  let last = "";
  let since = 0;
  const again = async () => {
    const text = video.videoWidth ? await decode(video).catch(() => "") : "";
    if (text && (text !== last || Date.now() - since > 5000)) {
      [last, since] = [text, Date.now()];
      await scan(text);
    }
    setTimeout(again, 150);
  };
  again();
}
if (navigator.mediaDevices?.getUserMedia) {
  $("camera").hidden = false;
  $("look").addEventListener("click", () => look().catch((error) => ($("look").textContent = error.message)));
}

// --- begin
async function keepPage() {
  await navigator.serviceWorker.register("/checkin/sw.js", { scope: "/checkin/" });
  const cache = await caches.open("checkin-1");
  await cache.addAll([base, ...JSON.parse(gate.dataset.keep)]);
  gate.dataset.kept = "1";
}
$("scan").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  $("text").value = "";
  $("text").focus();
  if (text) scan(text);
});
$("net").hidden = false;
addEventListener("online", sync);
addEventListener("offline", count);
setInterval(sync, 15000);
readMarks()
  .then(sync)
  .then(() => (gate.dataset.ready = "1"));
if ("serviceWorker" in navigator) keepPage().catch((error) => console.error(error));
