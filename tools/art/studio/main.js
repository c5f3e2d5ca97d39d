import { Camera, Stage } from "./lib.js";
import { CATALOGUE } from "./catalogue.js";
import * as soft from "./soft.js";
import * as furniture from "./furniture.js";
import * as home from "./home.js";
import * as kitchen from "./kitchen.js";
import * as pets from "./pets.js";
import * as wear from "./wear.js";
import * as desk from "./desk.js";

const BUILD = { ...soft, ...furniture, ...home, ...kitchen, ...pets, ...wear, ...desk };
const camera = new Camera(document.getElementById("picture"));

// Draws one product's picture and returns it as a PNG data address.
window.draw = (id, passes) => {
  const [archetype, options] = CATALOGUE[id];
  const stage = new Stage(camera.renderer, camera.environment, `product-${id}`);
  BUILD[archetype](stage, options);
  camera.shoot(stage, passes);
  return camera.renderer.domElement.toDataURL("image/png");
};
window.catalogue = Object.fromEntries(Object.entries(CATALOGUE).map(([id, [archetype]]) => [id, archetype]));
window.ready = true;
