import { EngineError } from "../contract.ts";
import type { Gpu } from "./device.ts";

/**
 * Compiles WGSL and waits for the compiler's word, so that a mistake is one clear error here and not a string of
 * validation errors at every draw.
 * @throws EngineError "internal" naming the shader, with the first message and its line.
 */
export async function compileShader(gpu: Gpu, label: string, source: string): Promise<GPUShaderModule> {
  const shader = gpu.device.createShaderModule({ label, code: source });
  const { messages } = await shader.getCompilationInfo();
  const error = messages.find((message) => message.type === "error");
  if (error) {
    const { lineNum: line, linePos: column, message } = error;
    throw new EngineError("internal", `The shader "${label}" does not compile: line ${line}: ${message}`, {
      line,
      column,
    });
  }
  return shader;
}
