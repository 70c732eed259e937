// Preloaded into a program under measurement: leaves what it cost in the file that LEARN_MEASURE names.
const { writeFileSync } = require("node:fs");
const file = process.env.LEARN_MEASURE;
if (file && require("node:worker_threads").isMainThread) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    const { maxRSS } = process.resourceUsage();
    writeFileSync(file, JSON.stringify({ cpuSeconds: (user + system) / 1e6, peakMegabytes: maxRSS / 1024 }));
  });
}
