import { z } from "../../../config/zod.ts";

/** One line that `minikube start --output=json` prints, as people should see it. */
export interface MinikubeEvent {
  readonly kind: "progress" | "warning" | "error" | "silent";
  readonly text: string;
}

const cloudEvent = z.object({
  type: z.string(),
  data: z.record(z.string(), z.string()).default({}),
});

/**
 * Reads a line of minikube's output: CloudEvents when it was asked for JSON, now and then plain text all the same.
 * https://minikube.sigs.k8s.io/docs/contrib/json_output/
 */
export function readEvent(line: string): MinikubeEvent {
  const event = cloudEvent.safeParse(parse(line));
  if (!event.success) return { kind: line.trim() === "" ? "silent" : "progress", text: line.trim() };
  const { type, data } = event.data;
  const message = data.message ?? "";
  switch (type.replace("io.k8s.sigs.minikube.", "")) {
    case "step":
      return { kind: "progress", text: `${stepOf(data)}${message}` };
    case "download":
      return { kind: "progress", text: `${stepOf(data)}Downloading ${data.artifact ?? ""}`.trimEnd() };
    case "warning":
      return { kind: "warning", text: message };
    case "error":
      return { kind: "error", text: [message, data.advice].filter((part) => part).join("\n") };
    case "info":
      return { kind: message === "" ? "silent" : "progress", text: message };
    default:
      return { kind: "silent", text: "" };
  }
}

function stepOf({ currentstep, totalsteps }: Readonly<Record<string, string>>): string {
  return currentstep && totalsteps ? `[${currentstep}/${totalsteps}] ` : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
