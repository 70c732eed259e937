import pc from "picocolors";

const { NO_COLOR = "", FORCE_COLOR = "" } = process.env;

/** Colours where a person looks at a terminal, and only there: picocolors alone would take every CI job for one. */
export default pc.createColors(NO_COLOR === "" && (FORCE_COLOR !== "" || process.stdout.isTTY === true));
