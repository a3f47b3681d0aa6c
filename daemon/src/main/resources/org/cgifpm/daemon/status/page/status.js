
"use strict";
(function () {
  const EVERY = 2000;
  const table = document.getElementById("processes");
  const note = document.getElementById("note");
  const places = document.querySelectorAll("[data-field]");
  const url = location.pathname + "?json" + (table ? "&full" : "");

  function say(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }

  function text(name, value) {
    if (name === "start time") {
      return new Date(value * 1000).toLocaleString();
    }
    return Number.isFinite(value) && !Number.isInteger(value) ? String(Number(value.toPrecision(3))) : String(value);
  }

  function row(number) {
    const body = table.tBodies[0];
    while (body.rows.length <= number) {
      const added = body.insertRow();
      for (const head of table.tHead.rows[0].cells) {
        added.insertCell().setAttribute("data-title", head.textContent);
      }
    }
    return body.rows[number];
  }

  function show(status) {
    for (const place of places) {
      const name = place.getAttribute("data-field");
      say(place, text(name, status[name]));
    }
    if (table) {
      const heads = table.tHead.rows[0].cells;
      status.processes.forEach(function (process, number) {
        const cells = row(number).cells;
        for (let i = 0; i < heads.length; i++) {
          const name = heads[i].getAttribute("data-column");
          say(cells[i], text(name, process[name]));
        }
      });
      while (table.tBodies[0].rows.length > status.processes.length) {
        table.tBodies[0].deleteRow(-1);
      }
    }
  }

  async function look() {
    try {
      const answer = await fetch(url, { cache: "no-store" });
      if (!answer.ok) {
        throw new Error("status " + answer.status);
      }
      show(await answer.json());
      say(note, "");
    } catch (failure) {
      say(note, "not up to date: " + failure.message);
    }
    setTimeout(look, EVERY);
  }

  setTimeout(look, EVERY);
})();
