import { useState } from "react";
import type { PhotoProvider } from "../../workers/contract.ts";
import { PHOTO_PROVIDERS, PHOTO_SERVICES } from "../store/photo-services.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";

/** Says what would be sent and to whom, and asks for a yes. */
export function PhotoConsent({
  name,
  onAgree,
  onCancel,
}: {
  readonly name: string;
  readonly onAgree: (providers: readonly PhotoProvider[]) => void;
  readonly onCancel: () => void;
}) {
  const [chosen, setChosen] = useState<readonly PhotoProvider[]>([]);
  return (
    <form
      className="dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) onAgree(chosen);
      }}
    >
      <p>
        To find photographs, the words{" "}
        <strong>
          “<bdi>{name}</bdi>”
        </strong>{" "}
        are sent to the services that you choose here, which also see your network address, as every web site does.
        Nothing else is sent: no picture of yours, no other class.
      </p>
      <fieldset className="services">
        <legend>Send class names to</legend>
        {PHOTO_PROVIDERS.map((provider) => {
          const { name: service, hosts, about } = PHOTO_SERVICES[provider];
          return (
            <Checkbox
              key={provider}
              label={service}
              about={`${about} ${hosts}`}
              checked={chosen.includes(provider)}
              onChange={(on) => setChosen(on ? [...chosen, provider] : chosen.filter((one) => one !== provider))}
            />
          );
        })}
      </fieldset>
      <p className="muted small">
        Your answer is remembered for the next names; “Models and settings” takes it back. Without it, everything else
        works as before.
      </p>
      <div className="dialog-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button look="primary" type="submit" isDisabled={chosen.length === 0}>
          Agree and search
        </Button>
      </div>
    </form>
  );
}
