// The page's behaviour: it reports what a person does, and shows what the workspace says has changed.
const body = document.body;
const $ = (selector, from = document) => from.querySelector(selector);
const here = { user: body.dataset.user, channel: body.dataset.channel, thread: body.dataset.thread, tab: body.dataset.tab };
let version = body.dataset.version;
let question = new AbortController();

// What changed: one question at a time is held open by the server until something did.
async function follow() {
  for (let pause = 500; ; ) {
    question = new AbortController();
    try {
      await refresh(version, question.signal);
      if (pause > 500) tell("");
      pause = 500;
    } catch (error) {
      if (error.name === "AbortError") continue;
      tell("The workspace does not answer. Is it still running? Trying again…");
      await new Promise((done) => setTimeout(done, pause));
      pause = Math.min(pause * 2, 10000);
    }
  }
}

async function refresh(since, signal) {
  const query = new URLSearchParams({ thread: here.thread, tab: here.tab, ...(since ? { version: since } : {}) });
  const answer = await fetch(`/page/parts/${here.user}/${here.channel}?${query}`, { signal });
  if (!answer.ok) throw new Error((await answer.json()).error);
  if (signal?.aborted) return;
  show(await answer.json());
}

// A new look (another thread) asks anew at once instead of waiting for a change.
let opener = null;
let opened = false;
function look(thread) {
  if (thread && !here.thread) opener = document.activeElement;
  left.delete($("#thread"));
  here.thread = thread;
  opened = Boolean(thread);
  version = "";
  const address = new URL(location.href);
  thread ? address.searchParams.set("thread", thread) : address.searchParams.delete("thread");
  history.replaceState(null, "", address);
  $(".thread-pane").hidden = !thread;
  recall($("#box-thread"));
  (thread ? $("#box-thread") : opener?.isConnected ? opener : $("#box-channel"))?.focus();
  question.abort();
}

function show(parts) {
  version = String(parts.version);
  document.title = parts.title;
  put($("#sidebar"), parts.sidebar);
  put($("#head"), parts.head);
  put($("#home"), parts.home);
  list($("#messages"), parts.messages);
  list($("#thread"), parts.thread);
  // A thread that was just opened is read from its first message.
  if (opened && parts.thread.length) {
    $("#thread").scrollTop = 0;
    moved.add($("#thread"));
    opened = false;
  }
  modal(parts.modal);
}

const shown = new WeakMap();
// Markup that did not change is left alone, so that focus, open menus and half-made choices stay.
function put(element, markup) {
  if (shown.get(element) === markup) return false;
  const focused = element.contains(document.activeElement) ? address(document.activeElement) : null;
  element.innerHTML = markup;
  shown.set(element, markup);
  if (focused) $(focused, element)?.focus();
  return true;
}

function address(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.dataset.action) return `[data-block="${CSS.escape(element.dataset.block)}"][data-action="${CSS.escape(element.dataset.action)}"]`;
  return element.getAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : element.tagName;
}

function list(element, rows) {
  const following = isFollowing(element);
  const before = element.lastElementChild?.id;
  const wanted = new Map(rows);
  for (const row of [...element.children]) if (!wanted.has(row.id)) row.remove();
  let place = element.firstElementChild;
  for (const [id, markup] of rows) {
    const row = redrawn(document.getElementById(id), markup);
    if (row === place || (place && place.id === id)) place = row.nextElementSibling;
    else element.insertBefore(row, place);
  }
  if (following) toEnd(element);
  else if (before && before !== element.lastElementChild?.id) $(".jump", element.parentElement)?.removeAttribute("hidden");
}

// A row that did not change stays the element that it is, with its open menus and half-made choices.
function redrawn(row, markup) {
  if (row && shown.get(row) === markup) return row;
  const made = document.createElement("template");
  made.innerHTML = markup;
  const fresh = made.content.firstElementChild;
  if (row?.isEqualNode(fresh)) {
    shown.set(row, markup);
    return row;
  }
  shown.set(fresh, markup);
  const focused = row?.contains(document.activeElement) ? address(document.activeElement) : null;
  row?.replaceWith(fresh);
  if (focused) $(focused, fresh)?.focus();
  return fresh;
}

// The list follows what is new until the person scrolls away. A message longer than the screen is shown from its start.
const left = new WeakMap();
const isFollowing = (element) =>
  element.scrollHeight - element.scrollTop - element.clientHeight < 60 || Math.abs(element.scrollTop - (left.get(element) ?? -9)) < 2;

const moved = new WeakSet();

function toEnd(element) {
  moved.delete(element);
  const scroll = () => {
    const last = element.lastElementChild;
    if (last) element.scrollTop += Math.min(last.getBoundingClientRect().bottom - element.getBoundingClientRect().bottom + 12,
      last.getBoundingClientRect().top - element.getBoundingClientRect().top);
    left.set(element, element.scrollTop);
  };
  scroll();
  $(".jump", element.parentElement)?.setAttribute("hidden", "");
  // Pictures that come in later push the end away; only a person's own hand stops the list from following it.
  for (const image of element.querySelectorAll("img")) if (!image.complete) image.addEventListener("load", () => moved.has(element) || scroll(), { once: true });
}

for (const element of document.querySelectorAll(".messages")) {
  element.addEventListener("scroll", () => isFollowing(element) && $(".jump", element.parentElement)?.setAttribute("hidden", ""));
  for (const hand of ["wheel", "touchmove", "pointerdown", "keydown"]) element.addEventListener(hand, () => moved.add(element), { passive: true });
}

// What a person does.
async function act(deed, element) {
  return send(`/page/act/${here.user}/${here.channel}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(deed) }, element);
}

async function send(address, request, element) {
  element?.classList.add("busy");
  element?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, request);
    if (answer.ok) return true;
    tell((await answer.json()).error);
  } catch {
    tell("This did not reach the workspace. Is it still running?");
  } finally {
    element?.classList.remove("busy");
    element?.removeAttribute("aria-busy");
  }
  return false;
}

const told = $("#told");
let telling = 0;
function tell(sentence) {
  clearTimeout(telling);
  if (told.textContent !== sentence) told.textContent = sentence;
  // A modal dialog covers the page, so the sentence moves into it.
  (($("dialog[open]")) ?? body).append(told);
  telling = setTimeout(() => { told.textContent = ""; }, 6000);
}

function place(element) {
  const view = element.closest("[data-view]")?.dataset.view;
  return view ? { view } : { ts: element.closest("[data-ts]")?.dataset.ts };
}

function choice(element) {
  const kind = element.dataset.kind;
  if (kind === "radio") return $("input:checked", element)?.value ?? "";
  if (kind === "checkboxes" || kind === "multi") return [...element.querySelectorAll("input:checked")].map((box) => box.value);
  if (kind === "button" || kind === "overflow") return element.dataset.value ?? "";
  return element.value;
}

async function press(element) {
  const template = element.closest(".element")?.querySelector("template.confirm");
  const target = place(element);
  const deed = { act: "press", ...target, block: element.dataset.block, action: element.dataset.action, choice: choice(element) };
  if (template && !(await agreed(template))) return;
  await act(deed, element);
}

function agreed(template) {
  const dialog = $("#confirm");
  dialog.replaceChildren(template.content.cloneNode(true));
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a, li[data-offer], summary");
  for (const open of document.querySelectorAll("details.drop[open]")) if (!open.contains(event.target)) open.open = false;
  if (body.classList.contains("show-menu") && !event.target.closest("nav")) menu(false);
  if (!target) return;
  const { dataset } = target;
  if (dataset.kind === "button" || dataset.kind === "overflow") {
    target.closest("details.drop")?.removeAttribute("open");
    press(target);
  } else if (dataset.kind === "enlarge") enlarge($("img", target));
  else if (dataset.thread) {
    target.closest("details.drop")?.removeAttribute("open");
    look(dataset.thread);
  }
  else if (target.matches(".jump")) toEnd($(".messages", target.closest("main, aside")));
  else if (target.id === "close-thread") look("");
  else if (dataset.shortcut) {
    target.closest("details.drop").open = false;
    act({ act: "shortcut", callback: dataset.shortcut, ts: target.closest("[data-ts]").dataset.ts }, target.closest(".tools"));
  } else if (dataset.answer) $("#confirm").close(dataset.answer);
  else if ("join" in dataset) act({ act: "join" }, target).then((done) => done && location.reload());
  else if (dataset.close === "view") closeModal();
  else if (dataset.close === "picture") $("#picture").close();
  else if ("menu" in dataset) menu(!body.classList.contains("show-menu"));
  else if (dataset.offer) complete(target);
  else if (dataset.drop === "file") choose(target.closest("form"), null);
});

function menu(open) {
  body.classList.toggle("show-menu", open);
  $("[data-menu]")?.setAttribute("aria-expanded", String(open));
  if (open) $("#act-as").focus();
}

document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.id === "act-as") { location.href = `/client/${target.value}/${here.channel}`; return; }
  if (target.type === "file") { choose(target.form, target.files[0] ?? null); return; }
  const element = target.closest("[data-kind]");
  if (!element || element.dataset.kind === "multi") return;
  const input = element.closest("[data-input]");
  if (!input || "dispatch" in input.dataset) press(element);
});

document.addEventListener("toggle", (event) => {
  const menu = event.target.matches?.("details.drop[open]") ? $(".menu", event.target) : null;
  if (menu) {
    // A menu that would leave its pane opens upwards, or towards the left.
    const pane = menu.closest(".messages, .home, .modal-blocks").getBoundingClientRect();
    menu.classList.remove("up", "end");
    menu.classList.toggle("end", menu.getBoundingClientRect().right > pane.right);
    menu.classList.toggle("up", menu.getBoundingClientRect().bottom > pane.bottom && menu.offsetHeight < event.target.getBoundingClientRect().top - pane.top);
  }
  const element = event.target.matches?.("details.multi") ? $("[data-kind=multi]", event.target) : null;
  if (!element) return;
  const chosen = [...element.querySelectorAll("input:checked")].map((box) => box.closest("label").textContent);
  const summary = $("summary", event.target);
  summary.textContent = chosen.join(", ") || summary.dataset.hint;
  if (event.target.open) { element.dataset.before = choice(element).join("\n"); return; }
  const input = element.closest("[data-input]");
  if (choice(element).join("\n") !== element.dataset.before && (!input || "dispatch" in input.dataset)) press(element);
}, true);

function enlarge(image) {
  const dialog = $("#picture");
  const large = new Image();
  large.src = image.src;
  large.alt = image.alt;
  const words = document.createElement("p");
  words.textContent = image.alt;
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button", textContent: "Close" });
  close.dataset.close = "picture";
  dialog.replaceChildren(large, words, close);
  dialog.showModal();
}

// Modals: the server says which one is open; what was typed in the meantime stays when it is the same one.
function modal(markup) {
  const dialog = $("#modal");
  const before = $("#modal-body form");
  const typed = before ? filled(before) : {};
  const changed = put($("#modal-body"), markup);
  const now = $("#modal-body form");
  if (changed && before && now?.dataset.view === before.dataset.view) refill(now, typed);
  if (!markup) { if (dialog.open) dialog.close(); return; }
  if (!dialog.open) { dialog.showModal(); $("#modal-body .modal-blocks :is(input, textarea, select)")?.focus(); }
  else if (changed) $(".invalid :is(input, textarea, select)", dialog)?.focus();
}

function closeModal() {
  const form = $("#modal-body form");
  if (form) act({ act: "close", view: form.dataset.view }, $(".dialog-buttons .button", form));
}

$("#modal").addEventListener("cancel", (event) => { event.preventDefault(); closeModal(); });

function submitModal(form, button) {
  if (isComplete(form)) act({ act: "submit", view: form.dataset.view, values: filled(form) }, button);
}

function filled(form) {
  const values = {};
  for (const element of form.querySelectorAll("[data-input] [data-kind]")) {
    (values[element.dataset.block] ??= {})[element.dataset.action] = choice(element);
  }
  return values;
}

// Slack keeps what was typed into a block that an updated modal still has.
function refill(form, values) {
  for (const element of form.querySelectorAll("[data-input] [data-kind]")) {
    const value = values[element.dataset.block]?.[element.dataset.action];
    if (value === undefined) continue;
    if (!element.matches("input, textarea, select")) {
      for (const box of element.querySelectorAll("input")) box.checked = [value].flat().includes(box.value);
    } else if (!element.matches("select") || [...element.options].some((option) => option.value === value)) element.value = value;
  }
}

// Slack's own client holds a form back until what is required is there; so does this one, with the reason in place.
function isComplete(form) {
  for (const input of form.querySelectorAll("[data-input]")) {
    const element = $("[data-kind]", input);
    const empty = element && !choice(element).length;
    const short = element?.minLength > 0 && element.value.length < element.minLength;
    const why = empty && "required" in input.dataset ? "Please complete this required field." : short && !empty ? `Write at least ${element.minLength} characters.` : "";
    $(".input-error", input)?.remove();
    input.classList.toggle("invalid", Boolean(why));
    if (!why) continue;
    const told = document.createElement("div");
    Object.assign(told, { className: "input-error", textContent: why });
    told.setAttribute("role", "alert");
    input.append(told);
  }
  $(".invalid :is(input, textarea, select, summary)", form)?.focus();
  return !$(".invalid", form);
}

// Writing: drafts are kept by channel and thread until they are sent.
const files = new WeakMap();
const draft = (box) => `draft/${here.user}/${here.channel}/${box.dataset.place === "thread" ? here.thread : ""}`;

function recall(box) {
  if (!box) return;
  box.value = sessionStorage.getItem(draft(box)) ?? "";
  grow(box);
}

function grow(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
  ready(box.form);
}

function ready(form) {
  $(".send", form).disabled = !$("textarea", form).value.trim() && !files.has(form);
}

function choose(form, file) {
  const preview = $(".chosen-file", form);
  preview.replaceChildren();
  file ? files.set(form, file) : files.delete(form);
  preview.hidden = !file;
  if (file) {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    image.alt = "";
    const drop = document.createElement("button");
    Object.assign(drop, { type: "button", className: "button", textContent: "Remove" });
    drop.dataset.drop = "file";
    preview.append(image, file.name, drop);
  } else $("input[type=file]", form).value = "";
  ready(form);
  $("textarea", form).focus();
}

document.addEventListener("input", (event) => {
  if (!event.target.matches(".composer textarea")) return;
  sessionStorage.setItem(draft(event.target), event.target.value);
  grow(event.target);
  suggest(event.target);
});

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.view) { submitModal(form, $("button[type=submit]", form)); return; }
  const box = $("textarea", form);
  const text = box.value.trim();
  const file = files.get(form);
  if ((!text && !file) || form.classList.contains("sending")) return;
  const thread = box.dataset.place === "thread" ? here.thread : "";
  form.classList.add("sending");
  suggest(box, true);
  let done;
  if (file) {
    const content = new FormData();
    for (const [name, value] of Object.entries({ text, thread, file })) content.append(name, value);
    done = await send(`/page/upload/${here.user}/${here.channel}`, { method: "POST", body: content }, $(".send", form));
  } else done = await act({ act: "say", text, thread }, $(".send", form));
  form.classList.remove("sending");
  if (!done) return;
  if (box.value.trim() === text) {
    box.value = "";
    sessionStorage.removeItem(draft(box));
  }
  choose(form, null);
  grow(box);
  toEnd(thread ? $("#thread") : $("#messages"));
});

// A command is offered for the first word, a name for the word before the caret.
function suggest(box, never = false) {
  const options = [...document.querySelectorAll(`#commands-${box.dataset.place} li`)];
  const typed = box.value.slice(0, box.selectionStart);
  const name = typed.match(/(?:^|\s)(@[\w.-]*)$/)?.[1];
  const word = name ?? box.value.split(/\s/)[0];
  const exact = !name && /\s/.test(box.value);
  const fits = (offer) => !never && /^[/@]/.test(word) && (exact ? offer === word && word[0] === "/" : offer.startsWith(word) && (offer[0] === "/" || Boolean(name)));
  for (const option of options) { option.hidden = !fits(option.dataset.offer); option.setAttribute("aria-selected", "false"); }
  const open = options.some((option) => !option.hidden);
  $(`#commands-${box.dataset.place}`).hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  box.removeAttribute("aria-activedescendant");
  if (open && !exact) mark(box, options.find((option) => !option.hidden));
}

function mark(box, option) {
  for (const other of option.parentElement.children) other.setAttribute("aria-selected", String(other === option));
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function complete(option) {
  const box = $(`#box-${option.parentElement.id.replace("commands-", "")}`);
  const { offer } = option.dataset;
  const before = box.value.slice(0, box.selectionStart).replace(/[/@][\w.-]*$/, "");
  const after = offer[0] === "/" ? "" : box.value.slice(box.selectionStart);
  box.value = `${before}${offer} ${after}`;
  box.selectionStart = box.selectionEnd = before.length + offer.length + 1;
  sessionStorage.setItem(draft(box), box.value);
  grow(box);
  suggest(box);
  box.focus();
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "Escape") {
    const open = $("details.drop[open]");
    if (open) { open.open = false; $("summary", open).focus(); }
    else if (body.classList.contains("show-menu")) menu(false);
    else if (target.closest?.(".thread-pane") && $("#commands-thread").hidden && !$("dialog[open]")) look("");
  }
  if (!target.matches(".composer textarea") || event.isComposing) return;
  const options = [...document.querySelectorAll(`#commands-${target.dataset.place} li:not([hidden])`)];
  const marked = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (marked >= 0 && (key === "ArrowDown" || key === "ArrowUp")) {
    mark(target, options.at((marked + (key === "ArrowDown" ? 1 : -1)) % options.length));
    event.preventDefault();
  } else if (marked >= 0 && (key === "Tab" || (key === "Enter" && !target.value.endsWith(options[marked].dataset.offer)))) {
    complete(options[marked]);
    event.preventDefault();
  } else if (key === "Escape") suggest(target, true);
  else if (key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    target.form.requestSubmit();
  }
});

// A picture dropped or pasted belongs to the pane it came into.
const pane = (event) => event.target.closest?.(".main, .thread-pane");
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    for (const other of document.querySelectorAll(".dropping")) other.classList.remove("dropping");
    const form = $("form.composer", pane(event) ?? document);
    if (kind === "dragover") pane(event)?.classList.add("dropping");
    if (kind === "drop" && form && event.dataTransfer.files[0]) choose(form, event.dataTransfer.files[0]);
  });
}
document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form.composer");
  if (form && event.clipboardData.files[0]) choose(form, event.clipboardData.files[0]);
});

for (const box of document.querySelectorAll(".composer textarea")) recall(box);
toEnd($("#messages"));
toEnd($("#thread"));
if (here.tab === "home") act({ act: "home" });
if ($("#modal-body").firstElementChild) $("#modal").showModal();
follow();
