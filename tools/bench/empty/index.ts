import * as pulumi from "@pulumi/pulumi";

/** As little as a Pulumi program can be. */
export const stack: string = pulumi.getStack();
