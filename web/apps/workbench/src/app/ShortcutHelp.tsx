import { useTranslation } from "@xingqu/i18n";
import { Modal } from "antd";
import type { Room } from "./rooms";

/** What each key does; the rooms' letters are those of the person's own rooms. */
export function ShortcutHelp({ rooms, onClose }: { rooms: readonly Room[]; onClose: () => void }) {
  const { t } = useTranslation();
  const control = navigator.platform.startsWith("Mac") ? "⌘ K" : "Ctrl K";
  const groups: [string, [string, string][]][] = [
    [
      "anywhere",
      [
        [control, t("shortcuts.palette")],
        ["/", t("shortcuts.search")],
        ["?", t("shortcuts.help")],
        ["Esc", t("shortcuts.close")],
      ],
    ],
    [
      "in_lists",
      [
        ["j / k", t("shortcuts.walk")],
        ["Enter", t("shortcuts.open")],
        ["x", t("shortcuts.select")],
      ],
    ],
    ["jumps", rooms.map((room) => [`g ${room.key}`, t(`rooms.${room.name}`)])],
  ];
  return (
    <Modal open onCancel={onClose} footer={null} width={640} title={t("shortcuts.title")}>
      {groups.map(([name, keys]) => (
        <section key={name} aria-label={t(`shortcuts.${name}`)}>
          <h3>{t(`shortcuts.${name}`)}</h3>
          <dl className="wb-shortcuts" data-testid={`shortcuts-${name}`}>
            {keys.map(([key, words]) => (
              <div key={key}>
                <dt>{words}</dt>
                <dd>
                  <kbd>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
