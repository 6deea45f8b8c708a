import { useAction, usePageState } from "../actions/app-context.tsx";
import { agreeToService, forgetPhotos } from "../actions/search-photos.ts";
import { PHOTO_PROVIDERS, PHOTO_SERVICES } from "../store/photo-services.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";

/** To whom class names may be sent when one searches for photographs. */
export function PhotoServices() {
  const agreed = usePageState((state) => state.photoProviders);
  const change = useAction(agreeToService);
  const forget = useAction(forgetPhotos);
  return (
    <section className="settings-section">
      <h3>Open photographs</h3>
      <p className="muted small">
        When you search photographs for a class, its name is sent to the services that are on here. Nothing is ever sent
        without such a search.
      </p>
      <div className="services">
        {PHOTO_PROVIDERS.map((provider) => (
          <Checkbox
            key={provider}
            label={PHOTO_SERVICES[provider].name}
            about={PHOTO_SERVICES[provider].hosts}
            checked={agreed.includes(provider)}
            onChange={(on) => change({ provider, agreed: on })}
          />
        ))}
      </div>
      <div>
        <Button small onPress={() => forget(undefined)}>
          Forget found photographs
        </Button>
      </div>
    </section>
  );
}
