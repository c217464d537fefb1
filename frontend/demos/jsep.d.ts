export { default } from "jsep";
