// Stands for modules that no fast test uses.
module.exports = {};
