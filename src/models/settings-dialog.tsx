import type { ModelInfo } from "../../workers/contract.ts";
import { useAction, usePageState } from "../actions/app-context.tsx";
import { setDevice, setTheme } from "../actions/change-settings.ts";
import { forgetModel } from "../actions/forget-model.ts";
import { chooseModel, loadModelFile, setDetail } from "../actions/load-model.ts";
import { deviceWords, fileSize, progressWords } from "../store/words.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Choices } from "../ui/choices.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Progress } from "../ui/progress.tsx";
import { NameLanguages } from "./name-languages.tsx";
import { PhotoServices } from "./photo-services.tsx";
import "./models.css";

function Model({ model, inUse, busy }: { readonly model: ModelInfo; readonly inUse: boolean; readonly busy: boolean }) {
  const choose = useAction(chooseModel);
  const forget = useAction(forgetModel);
  return (
    <li className={inUse ? "model in-use" : "model"}>
      <div className="model-text">
        <p className="model-name ellipsis" title={model.name}>
          {model.name}
        </p>
        <p className="muted small">
          {fileSize(model.bytes)} · {model.dimensions} numbers per patch of {model.patch} px · Licence:{" "}
          {model.licence === "" ? "not stated in the file" : model.licence}
        </p>
      </div>
      {inUse ? (
        <span className="model-mark small">In use</span>
      ) : (
        <Button
          small
          isDisabled={busy}
          aria-label={`Use ${model.name}`}
          onPress={() => choose(model.origin === "starter" ? { kind: "starter" } : { kind: "stored", id: model.id })}
        >
          Use
        </Button>
      )}
      {model.origin === "file" && (
        <IconButton
          label={`Remove ${model.name}`}
          icon="trash"
          small
          isDisabled={busy}
          onPress={() => forget(model.id)}
        />
      )}
    </li>
  );
}

/** Models, what the engine runs on, and how the page looks. */
export function SettingsDialog({ onClose }: { readonly onClose: () => void }) {
  const models = usePageState((state) => state.models);
  const status = usePageState((state) => state.status);
  const phase = usePageState((state) => state.phase);
  const theme = usePageState((state) => state.theme);
  const detail = usePageState((state) => state.detail);
  const device = usePageState((state) => state.device);
  const loading = usePageState((state) => state.jobs.find((job) => job.progress?.stage.endsWith("-model")) ?? null);
  const load = useAction(loadModelFile);
  const changeDetail = useAction(setDetail);
  const changeTheme = useAction(setTheme);
  const changeDevice = useAction(setDevice);
  const progress = loading?.progress ?? null;

  return (
    <Dialog title="Models and settings" onClose={onClose}>
      <div className="dialog-body" data-drop-model="">
        <section className="settings-section">
          <h3>Feature model</h3>
          <p className="muted small">
            The model turns what it sees into numbers that can be compared. It runs on this device; nothing is uploaded.
          </p>
          {models.length > 0 ? (
            <ul className="models">
              {models.map((model) => (
                <Model
                  key={model.id}
                  model={model}
                  inUse={status?.model?.base === model.id}
                  busy={phase === "starting"}
                />
              ))}
            </ul>
          ) : (
            <p className="muted">No model is installed. Load one to segment pictures.</p>
          )}
          {loading && (
            <div className="model-progress">
              <p className="small">{progressWords(progress)}</p>
              <Progress
                label="Loading the model"
                value={progress && progress.total > 1 ? progress.done / progress.total : null}
              />
            </div>
          )}
          <div>
            <Button icon="add" isDisabled={phase === "broken"} onPress={() => load(undefined)}>
              Load a model file…
            </Button>
          </div>
          <p className="hint">
            Any DINOv2-style model as one .onnx file: input pixel_values, output last_hidden_state. Dropping it anywhere
            works too.
          </p>
        </section>
        <section className="settings-section">
          <Choices
            label="Detail"
            value={status?.model?.detail ?? detail}
            isDisabled={phase !== "ready"}
            options={[
              { value: "standard", label: "Standard" },
              { value: "fine", label: "Fine" },
            ]}
            onChange={changeDetail}
          />
          <p className="muted small">
            Fine shows the model larger pictures. It names things whose outline is known better, whole pictures about as
            well, and takes two to three times as long.
          </p>
        </section>
        <section className="settings-section">
          <Choices
            label="Run on"
            value={device}
            options={[
              { value: "auto", label: "GPU if there is one" },
              { value: "wasm", label: "Processor (WASM)" },
              // Only an address asks for it; chosen here is what is in use.
              ...(device === "webgpu" ? [{ value: device, label: "GPU, also an imitated one" }] : []),
            ]}
            onChange={changeDevice}
          />
          {status && <p className="muted small">Now: {deviceWords(status)}</p>}
        </section>
        <NameLanguages />
        <PhotoServices />
        <section className="settings-section">
          <Choices
            label="Appearance"
            value={theme}
            options={[
              { value: "system", label: "As the system" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
            onChange={changeTheme}
          />
        </section>
      </div>
    </Dialog>
  );
}
