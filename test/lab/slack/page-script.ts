/** Runs in the browser: asks for changes once a second and sends clicks. Plain JavaScript, no build. */
export const pageScript = `
const messages = document.getElementById("messages");
const dialog = document.getElementById("ask");
const warning = document.getElementById("warning");
const user = document.getElementById("user");
let version = Number(messages.dataset.version);

async function refresh() {
  try {
    const answer = await fetch("/fragment?after=" + version);
    if (answer.status === 200) {
      const next = await answer.json();
      const closed = [...document.querySelectorAll("details.thread:not([open])")].map((one) => one.id);
      const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 40;
      messages.innerHTML = next.html;
      version = next.version;
      for (const id of closed) document.getElementById(id)?.removeAttribute("open");
      if (atEnd) scrollTo(0, document.body.scrollHeight);
    }
  } catch { /* the lab has stopped; what is shown stays */ }
}

async function poll() {
  await refresh();
  setTimeout(poll, 1000);
}

function confirmed(button) {
  if (!button.dataset.ask) return Promise.resolve(true);
  dialog.querySelector("h3").textContent = button.dataset.title;
  dialog.querySelector("p").textContent = button.dataset.ask;
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = button.textContent;
  yes.className = button.className;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-value]");
  if (!button || !(await confirmed(button))) return;
  for (const one of button.parentElement.children) one.disabled = true;
  warning.textContent = "";
  const { value, decision } = button.dataset;
  const answer = await fetch("/click", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ value, decision, user: { id: user.value, name: user.selectedOptions[0].text } }),
  });
  const told = await answer.json();
  warning.textContent = told.warning ?? "";
  for (const one of button.parentElement.children) one.disabled = false;
  await refresh();
});

document.getElementById("command").addEventListener("submit", async (event) => {
  event.preventDefault();
  const input = event.target.elements.text;
  const text = input.value.replace(/^\\/db\\s*/, "");
  input.value = "";
  await fetch("/command", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, user: { id: user.value, name: user.selectedOptions[0].text } }),
  });
  await refresh();
});

poll();
`;
