import { useQuery } from "@tanstack/react-query";
import { useFormat, useTranslation } from "@xingqu/i18n";
import { App, Button, Drawer, Empty, Select, Skeleton } from "antd";
import { errorText } from "../app/errors";
import { useShop } from "../app/session";
import { rulesQuery, useCommentActions } from "./queries";

/** Words and people that are blocked. */
export function RulesDrawer({ editable, onClose }: { editable: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shop = useShop();
  const { message } = App.useApp();
  const rules = useQuery(rulesQuery(shop.id));
  const actions = useCommentActions(shop.id);
  const run = (step: Promise<unknown>) => step.catch((error: unknown) => void message.error(errorText(t, error)));
  return (
    <Drawer open onClose={onClose} title={t("comments.rules")}>
      {!rules.data && <Skeleton active />}
      {rules.data && (
        <>
          <h3>{t("comments.words")}</h3>
          <p className="wb-muted">{t("comments.words_help")}</p>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            disabled={!editable}
            className="wb-full"
            aria-label={t("comments.words")}
            value={rules.data.words}
            tokenSeparators={[",", "，", " "]}
            onChange={(words: string[]) => void run(actions.setWords(words))}
            data-testid="comment-words"
          />
          <h3>{t("comments.people")}</h3>
          {rules.data.people.length === 0 && <Empty description={t("comments.no_people")} />}
          <ul className="wb-plain-list">
            {rules.data.people.map((person) => (
              <li key={person.person_id} className="wb-row-between">
                <span>
                  {person.name} <small className="wb-muted">{format.dateTime(person.since)}</small>
                </span>
                {editable && (
                  <Button size="small" onClick={() => void run(actions.unblock(person.person_id))}>
                    {t("comments.unblock")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}
