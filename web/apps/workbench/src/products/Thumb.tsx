import { PictureOutlined } from "@ant-design/icons";

/** A small product picture; a quiet tile when there is none. The name beside it says what it is. */
export function Thumb({ url, size }: { url: string | null | undefined; size: number }) {
  const style = { width: size, height: size };
  if (!url) {
    return (
      <span className="wb-thumb wb-thumb-none" style={style} aria-hidden>
        <PictureOutlined />
      </span>
    );
  }
  return <img className="wb-thumb" src={url} alt="" width={size} height={size} loading="lazy" style={style} />;
}
