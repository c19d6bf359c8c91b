// Device: the probe, its profile, how the transfers go, what was lost, and the last quality assurance.

import { get, paths } from "./api.js";
import { button, filler, h } from "./dom.js";
import { moment, named, number, t } from "./words.js";

const losses = ["probe", "link", "ring", "screen"];

export class DeviceScreen {
  constructor(app) {
    this.app = app;
    this.content = h("div", { class: "device-grid" });
    this.fill = filler(this.content);
    this.root = h("section", { class: "screen device", id: "screen-device", "aria-label": t("screen.device") },
      h("div", { class: "panel-head" }, h("h1", {}, t("screen.device")), button(t("device.again"), null, () => this.shown(), { class: "small" })), this.content);
  }

  async shown() {
    const device = await this.app.attempt(() => get(paths.device));
    if (device) this.fill(device, () => this.panels(device));
  }

  panels(device) {
    const quality = device.quality ?? {};
    return [
      this.panel("device.probe", [["device.plugged", h("span", { class: `plug plug-${device.plugged}` }, `${{ attached: "●", away: "○", simulated: "◇" }[device.plugged] ?? "·"} ${named("plugged", device.plugged)}`)],
        ["device.name", device.probe], ["device.serial", device.serial], ["device.firmware", device.firmware]]),
      this.panel("device.profile", [["device.profileTitle", device.profile?.title], ["device.profileID", device.profile?.id], ["device.maker", device.profile?.maker], ["device.transport", words(device.transport)]]),
      this.panel("device.losses", losses.map((name) => [`loss.${name}`, h("span", { class: device.losses?.[name] > 0 ? "bad figure" : "figure" }, number(device.losses?.[name] ?? NaN))])),
      this.panel("device.counters", pairs(device.counters).map(([name, value]) => [named("counter", name), h("span", { class: "figure" }, typeof value === "number" ? number(value) : String(value ?? "–"))]), true),
      this.panel("device.quality", [["device.qualityLine", h("span", { class: quality.isWarning ? "warn" : "" }, `${quality.isWarning ? "⚠ " : ""}${quality.line ?? "–"}`)], ["device.qualityDate", quality.date ? moment(quality.date) : null]]),
      this.panel("device.output", [["device.outputLine", words(device.acousticOutput) || t("top.notAvailable")]]),
      h("section", { class: "panel findings" }, h("h2", {}, t("device.findings")), (device.findings ?? []).length === 0 ? h("p", {}, `✓ ${t("device.noFindings")}`)
        : h("ul", {}, device.findings.map((one) => h("li", {}, h("strong", {}, `⚠ ${one.what}`), one.next ? h("p", {}, one.next) : null)))),
    ];
  }

  panel(title, rows, isRaw) {
    return h("section", { class: "panel" }, h("h2", {}, t(title)), rows.length === 0 ? h("p", { class: "status-notMeasured" }, t("status.notMeasured"))
      : h("dl", { class: "facts" }, rows.filter(([, value]) => isRaw || value !== null).map(([key, value]) => h("div", {}, h("dt", {}, isRaw ? key : t(key)), h("dd", {}, value ?? "–")))));
  }
}

function words(value) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return pairs(value).map(([name, one]) => `${name}: ${one}`).join(", ");
}

function pairs(counters) {
  if (Array.isArray(counters)) return counters.map((one) => [one.name, one.value]);
  return Object.entries(counters ?? {});
}
