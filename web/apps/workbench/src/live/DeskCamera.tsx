import { useTranslation } from "@xingqu/i18n";
import { Alert, Button, Select, Space } from "antd";
import { useEffect, useRef, useState } from "react";
import { type Devices, useCamera } from "./use-camera";

const KINDS = [
  { name: "video", kind: "videoinput" },
  { name: "audio", kind: "audioinput" },
] as const;

/** Going live with this device's own camera, without an encoder. */
export function DeskCamera({ shopId, roomId }: { shopId: number; roomId: number }) {
  const { t } = useTranslation();
  const camera = useCamera(shopId, roomId);
  const [chosen, setChosen] = useState<Devices>({});
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = camera.media;
  }, [camera.media]);
  const choose = (part: Devices) => {
    const next = { ...chosen, ...part };
    setChosen(next);
    void camera.open(next);
  };
  return (
    <div className="live-rules" data-testid="live-camera" data-state={camera.state}>
      {camera.problem && <Alert type="warning" showIcon title={t(`live.camera.problem.${camera.problem}`, { defaultValue: t(`live.reason.${camera.problem}`, { defaultValue: camera.problem }) })} />}
      {camera.state === "off" ? (
        <Button onClick={() => void camera.open()} data-testid="live-camera-open">
          {t("live.camera.open")}
        </Button>
      ) : (
        <>
          <video ref={video} className="live-camera" autoPlay muted playsInline aria-label={t("live.camera.own")} />
          <Space wrap>
            {camera.state === "ready" &&
              KINDS.map(({ name, kind }) => {
                const options = camera.devices.filter((one) => one.kind === kind).map((one, place) => ({ value: one.deviceId, label: one.label || `${t(`live.camera.${name}`)} ${place + 1}` }));
                return options.length > 1 && <Select key={name} aria-label={t(`live.camera.${name}`)} placeholder={t(`live.camera.${name}`)} style={{ minWidth: 160 }} value={chosen[name]} onChange={(value: string) => choose({ [name]: value })} options={options} />;
              })}
            {camera.state === "ready" ? (
              <Button type="primary" onClick={camera.start} data-testid="live-camera-start">
                {t("live.camera.start")}
              </Button>
            ) : (
              <Button danger onClick={camera.stop} data-testid="live-camera-stop">
                {t("live.camera.stop")}
              </Button>
            )}
            <Button type="text" onClick={camera.close}>
              {t("live.camera.close")}
            </Button>
          </Space>
          <small role="status">{t(`live.camera.state.${camera.state}`)}</small>
        </>
      )}
    </div>
  );
}
