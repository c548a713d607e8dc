// What simcord's page lacks: the apps of a message (right-click it, on a phone press it long),
// threads that are entered by a click, and the way to the other conversations.
"use strict";

let known = null; // what shows the page to be ours, from its own requests
const fetched = window.fetch.bind(window);

window.fetch = (what, how) => {
  const headers = new Headers(how?.headers);
  const [capability, context] = ["X-Simcord-Capability", "X-Simcord-Context"].map((one) => headers.get(one));
  if (capability && context) known = { "X-Simcord-Capability": capability, "X-Simcord-Context": context };
  return fetched(what, how);
};

async function ask(body) {
  if (!known) return {};
  const headers = { ...known, "Content-Type": "application/json" };
  const response = await fetched("/api/action", {
    method: "POST", headers, body: JSON.stringify({ kind: "briefing-bot", ...body }),
  });
  return response.ok ? response.json() : {};
}

function made(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, more);
}

// The apps of a message

const closeApps = () => document.getElementById("demo-apps")?.remove();

document.addEventListener("click", closeApps);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeApps(); });
document.addEventListener("contextmenu", async (event) => {
  const message = event.target.closest("[data-message-id]")?.dataset.messageId;
  if (!message) return;
  event.preventDefault();
  closeApps();
  const { apps = [] } = await ask({ wants: "apps" });
  if (!apps.length) return;
  const menu = made("div", "", { id: "demo-apps" });
  menu.append(made("p", "Apps"), ...apps.map((name) => made("button", name, {
    onclick: () => ask({ wants: "use", name, message }),
  })));
  document.body.append(menu);
  menu.style.left = `${Math.max(0, Math.min(event.clientX, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(0, Math.min(event.clientY, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector("button").focus();
});

// Rooms and threads

let rooms = [];

document.addEventListener("click", async (event) => {
  if (!event.target.closest(".thread-summary")) return;
  const thread = event.target.closest("[data-message-id]")?.dataset.messageId;
  ({ rooms = [] } = await ask({ wants: "rooms" }));
  const room = rooms.find((one) => one.thread === thread);
  if (room) location.assign(room.url);
});

async function showRooms() {
  const found = (await ask({ wants: "rooms" })).rooms || [];
  if (!found.length || JSON.stringify(found) === JSON.stringify(rooms)) return;
  rooms = found;
  const links = rooms.map((room) => {
    const link = made("a", room.name, { href: room.url });
    if (room.here) link.setAttribute("aria-current", "page");
    return link;
  });
  const bar = document.getElementById("demo-rooms") || made("nav", "", { id: "demo-rooms" });
  bar.setAttribute("aria-label", "Conversations");
  bar.replaceChildren(...links);
  if (!bar.isConnected) document.body.prepend(bar);
}

setInterval(showRooms, 1500);
