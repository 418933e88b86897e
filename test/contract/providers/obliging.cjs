/** An application that says something to anybody: what the case expects, or, asked nothing, what it was asked. */
module.exports = class {
  id() {
    return 'obliging';
  }

  async callApi(prompt, context) {
    return { output: context.vars.case?.expected ?? prompt };
  }
};
