import type { Money } from "@xingqu/i18n";

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
}

export type Role = "owner" | "manager" | "catalogue" | "fulfilment" | "content" | "viewer";

export interface SessionShop {
  id: number;
  name: string;
  kind: string;
  role: Role;
  permissions: string[];
  avatar_url: string | null;
}

export interface Session {
  person: {
    id: number;
    display_name: string;
    email: string;
    language: string;
    avatar_url: string | null;
    is_operator: boolean;
  } | null;
  organisations: SessionShop[];
  creators: { id: number; handle: string; display_name: string }[];
  demo: boolean;
  notices_url: string | null;
  unread_notices: number;
}

export interface Notice {
  id: number;
  kind: string;
  data: Record<string, unknown>;
  created_at: string;
  read: boolean;
}

export interface Organisation {
  id: number;
  name: string;
  description: string;
  avatar_url: string | null;
}

export interface Member {
  id: number;
  person_id: number;
  display_name: string;
  email: string;
  role: Role;
  created_at: string;
}

export interface Today {
  to_ship: number;
  late_to_ship: number;
  unpaid: number;
  low_stock: number;
  gmv_today: Money;
  orders_today: number;
}

export interface Review {
  id: number;
  author_name: string;
  score: number;
  text: string;
  option_text: string;
  created_at: string;
  pictures: string[];
  product_id: number;
  product_name: string;
  order_no: string;
  reply: { text: string; at: string } | null;
}

export interface Anchor {
  product: { id: number; name: string; short_name: string; picture_url: string; price: Money };
  label: string;
  show_from_ms: number | null;
}

export interface Work {
  id: number;
  kind: "video" | "picture";
  state: "draft" | "processing" | "ready" | "published" | "unpublished" | "failed";
  title: string;
  caption: string;
  topic_tags: { id: number; name: string; name_en: string }[];
  creator_id: number;
  creator_name: string;
  poster_url: string;
  hls_url: string | null;
  duration_ms: number;
  width: number;
  height: number;
  assets: MediaAsset[];
  anchors: Anchor[];
  counts: { likes: number; comments: number; saves: number; shares: number; views: number };
  version: number;
  published_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface Category {
  id: number;
  name: string;
  name_en: string;
  children: Category[];
}

export interface CategoryAttribute {
  id: number;
  name: string;
  name_en?: string;
  required: boolean;
  type: string;
  choices: string[];
}

export interface MerchantProduct {
  id: number;
  name: string;
  short_name: string;
  brief: string;
  picture_url: string | null;
  price: Money | null;
  list_price: Money | null;
  category_id: number | null;
  feature_tags: { id: number; name: string }[];
  sold_count: number;
  score: number | null;
  review_count: number;
  sale_state: { code: string; can_buy: boolean };
  status: string;
  check_status: string;
  draft_status: string;
  stock_total: number;
  low_stock: boolean;
  updated_at: string;
  version: number;
  check_reasons: Record<string, CheckReason[]>;
  sku_count: number;
}

/** Why the check refused a field, with the law where one applies. */
export interface CheckReason {
  code: string;
  message: string;
  words: string | null;
  basis: string | null;
  basis_en: string | null;
}

export interface ProductSku {
  id: number;
  option_value_ids: number[];
  price: Money;
  list_price: Money | null;
  on_hand: number;
  held: number;
  available: number;
  code: string;
}

export interface ProductEdit extends MerchantProduct {
  detail_paragraphs: string[];
  pictures: Picture[];
  options: { id: number; name: string; values: { id: number; name: string }[] }[];
  skus: ProductSku[];
  attributes: { name: string; value: string }[];
  brand: string;
  unit: string;
  stated_tags: string[];
  promises: string[];
  /** Edits of an approved product that wait for the check. */
  draft: Partial<{
    name: string;
    category_id: number;
    short_name: string;
    brief: string;
    brand: string;
    unit: string;
    detail_paragraphs: string[];
    attributes: [string, string][];
    stated_tags: string[];
    promises: string[];
  }>;
}

export interface Picture {
  id: number;
  url: string;
  width: number;
  height: number;
}

export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  errors: { line: number; field: string | null; code: string; message: string; expected: string | null }[];
}

export interface MediaAsset {
  id: number;
  kind: "video" | "picture";
  state: "uploading" | "checking" | "transcoding" | "ready" | "failed";
  progress_percent: number;
  failure: { code: string; message: string; retryable: boolean } | null;
  poster_url: string;
  hls_url: string | null;
  preview_urls: string[];
  duration_ms: number;
  width: number;
  height: number;
  size_bytes: number;
  received_bytes: number;
  filename: string;
  content_ids: number[];
  created_at: string;
}

export interface Order {
  order_no: string;
  parent_order_no: string;
  state: string;
  lines: OrderLine[];
  payable: Money;
  paid_at: string | null;
  created_at: string;
  expires_at: string | null;
  next_step: { code: string; who: "buyer" | "merchant" | "carrier" | "platform" | null; by: string | null };
  buyer_name: string;
  ship_by: string | null;
  late: boolean;
}

export interface OrderLine {
  sku_id: number;
  product_id: number;
  name: string;
  option_text: string;
  picture_url: string;
  unit_price: Money;
  subtotal: Money;
  quantity: number;
}

export interface Carrier {
  code: string;
  name: string;
  name_en: string;
  tracking_pattern: string;
}

export interface OrderCounts {
  unpaid: number;
  to_ship: number;
  shipped: number;
  late_to_ship: number;
  [state: string]: number;
}

export interface OrderDetail extends Order {
  address: {
    recipient: string;
    phone: string;
    province: string;
    city: string;
    district: string;
    detail: string;
  } | null;
  amounts: { code: string; amount: Money }[];
  timeline: { code: string; at: string; data: Record<string, unknown> }[];
  package: { carrier_code: string; tracking_no: string; shipped_at: string } | null;
  note: string;
  cancel_reason: string;
  refund_reason: string;
}

export interface BatchShipResult {
  items: { order_no: string; shipped: boolean; error: { code: string; message: string } | null }[];
}
