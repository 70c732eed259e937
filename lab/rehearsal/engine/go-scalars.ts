import type { ScalarTag, Tags } from "yaml";

/**
 * Plain scalars that Go's yaml.v3, with which Pulumi reads its files, takes for something else than YAML 1.2 does: digits in
 * groups (1_000), octal numbers with a plain zero (017), binary ones, and dates, which become Go's text of a time.
 * @see https://github.com/go-yaml/yaml/blob/v3/resolve.go
 */
export function goScalars(tags: Tags): Tags {
  return [number, time, ...tags];
}

const number: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  identify: () => false,
  test: /^[-+]?(?:0b[01_]+|0[0-7_]+|\d[\d_]*_[\d_]*(?:\.[\d_]*)?)$/,
  resolve: (text) => {
    const [, sign = "", digits = ""] = /^([-+]?)(.*)$/.exec(text.replaceAll("_", "")) ?? [];
    const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return sign === "-" ? -value : value;
  },
};

const time: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  identify: () => false,
  test: /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt ]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?Z?)?$/,
  resolve: (text) => {
    const [, date = "", clock = "0:0:0", fraction = ""] = /^([\d-]+)(?:[Tt ]([\d:]+)(\.\d+)?Z?)?$/.exec(text) ?? [];
    const padded = (numbers: string, by: string) =>
      numbers
        .split(by)
        .map((one) => one.padStart(2, "0"))
        .join(by);
    return `${padded(date, "-")} ${padded(clock, ":")}${fraction.replace(/\.?0+$/, "")} +0000 UTC`;
  },
};
