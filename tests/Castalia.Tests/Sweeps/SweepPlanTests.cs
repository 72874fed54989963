using Castalia.Errors;
using Castalia.Hub;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class SweepPlanTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    SweepPlan Read(string text) => SweepPlanReader.Of(new("p.yaml", text, SweepPlanReader.Format), () => new HubCache(Path.Combine(_folder.Path, "hub")));

    static string Of(string tasks, string checkpoints = "  - models: o/m\n") => $"checkpoints:\n{checkpoints}tasks:\n{tasks}";

    [Fact]
    public void Checkpoints_tasks_and_options_are_crossed()
    {
        var plan = Read(Of("  - verb: measure\n    prompts: [standard-25, running-24]\n    positions: [last, all]\n    activation: [erf, tanh]\n  - verb: explain\n    blocks: 0,1\n", "  - models: [o/m, o/n]\n    revisions: [a, b]\n"));
        Assert.Equal(4 * (8 + 1), plan.Cells.Count);
        Assert.Equal(plan.Cells.Count, plan.Cells.Select(cell => cell.Key).Distinct().Count());
        Assert.Equal("o/m@a, measure standard-25, activation erf", plan.Cells[0].Label);
        Assert.Equal("o/m@a, explain standard-25, blocks 0,1", plan.Cells[8].Label);
        Assert.Equal("o/m@b", plan.Cells[9].Named);
    }

    [Fact]
    public void What_decides_a_result_decides_the_name_and_nothing_else_does()
    {
        const string task = "  - verb: measure\n";
        string key = Read(Of(task)).Cells[0].Key;
        Assert.Equal(key, Read("name: another\n" + Of(task)).Cells[0].Key);
        Assert.Equal(key, Read(Of("  - { prompts: standard-25, positions: last, bos: default, verb: measure }\n", "  - models: o/{a,m}\n")).Cells[1].Key);
        string[] others =
        [
            "seed: 2\n" + Of(task), Of("  - verb: dynamics\n"), Of(task + "    positions: all\n"), Of(task + "    bos: none\n"), Of(task + "    activation: tanh\n"), Of(task + "    logit_lens: true\n"),
            Of(task + "    prompts: running-24\n"), Of(task, "  - models: o/n\n"), Of(task, "  - models: o/m\n    revisions: a\n"), Of("  - verb: explain\n"), Of("  - verb: explain\n    blocks: all\n"),
            Of("  - verb: explain\n    all_parts: true\n"), Of("  - verb: explain\n    weights: true\n"), Of("  - verb: explain\n    reference: running-24\n"), Of("  - verb: intervene\n    do: last-mlp-zero\n"),
            Of("  - verb: intervene\n    do: last-mlp-mean\n"),
        ];
        Assert.Equal(others.Length + 1, others.Select(text => Read(text).Cells[0].Key).Append(key).Distinct().Count());
        // A name that a change to this program changes unawares would have everything computed again.
        Assert.Equal("0515c049c32177dc", key);
    }

    [Fact]
    public void Audits_are_of_a_models_revisions_and_networks_of_none()
    {
        var plan = Read(Of("  - verb: measure\n  - verb: audit\n  - verb: twins\n    study: [norm, wiring]\n", "  - models: \"o/{m,n}\"\n    revisions: [step0, step1]\n  - models: o/n\n    revisions: [step0, step1, step0]\n"));
        Assert.Equal(4, plan.Cells.OfType<CheckpointCell>().Count());
        Assert.Equal([("o/m", "audit of 2 revisions"), ("o/n", "audit of 2 revisions")], plan.Cells.OfType<AuditCell>().Select(cell => (cell.Named, cell.Doing)));
        Assert.Equal(10 + 15, plan.Cells.OfType<NetworkCell>().Count());
        Assert.Equal(["twins/norm", "twins/wiring"], plan.Cells.OfType<TablesCell>().Select(cell => cell.Place));
        Assert.Equal(["norm=layernorm seed 1, twins norm", "norm, tables of twins"], new[] { plan.Cells[6].Label, plan.Cells[16].Label });
        Assert.Equal(plan.Cells.Count, plan.Cells.Select(cell => cell.Key).Distinct().Count());
        // As in the test above: these names are kept.
        Assert.Equal(["faa605e221f756fd", "017849ac74957acc", "811dc18dc47acf01"], new[] { plan.Cells[4].Key, plan.Cells[6].Key, plan.Cells[16].Key });
    }

    [Fact]
    public void Present_are_the_folders_or_the_revisions_in_the_cache()
    {
        foreach (string name in "step2 step10 step1".Split(' ')) Directory.CreateDirectory(Path.Combine(_folder.Path, "m", name, "x"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "hub", "models--o--m", "refs"));
        foreach (string name in "step2 step10 main".Split(' ')) _folder.Write($"hub/models--o--m/refs/{name}", "0123456789abcdef0123456789abcdef01234567");
        var plan = Read(Of("  - verb: measure\n", $"  - models: [\"{_folder.Path}/m/step{{revision}}/x\", o/m]\n    revisions: present\n"));
        Assert.Equal([.. "step1 step2 step10".Split(' ').Select(name => $"{_folder.Path}/m/{name}/x"), "o/m", "o/m@step2", "o/m@step10"], plan.Cells.Select(cell => cell.Named));
    }

    [Fact]
    public void A_changed_file_is_another_checkpoint()
    {
        string model = _folder.Write("model.safetensors", "one"), text = Of("  - verb: measure\n", $"  - models: {_folder.Path}\n");
        string key = Read(text).Cells[0].Key;
        Assert.Equal(key, Read(text).Cells[0].Key);
        File.WriteAllText(model, "other");
        Assert.NotEqual(key, Read(text).Cells[0].Key);
    }

    [Theory]
    [InlineData("taks:\n", "p.yaml, line 1, column 1", "'taks' is no key of a plan.")]
    [InlineData("checkpoints:\n  - models: o/m\n", "p.yaml, line 1, column 1", "A plan has no 'tasks'.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: mesure\n", "p.yaml, line 4, column 11", "'verb' is 'mesure'.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: audit\n    positions: all\n", "p.yaml, line 5, column 5", "'positions' is no option of audit.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: audit\n    prompts: standard-25\n", "p.yaml, line 5, column 5", "'prompts' is no option of audit.")]
    [InlineData("tasks:\n  - verb: audit\n", "p.yaml, line 1, column 1", "A plan has no 'checkpoints'.")]
    [InlineData("tasks:\n  - verb: twins\n", "p.yaml, line 2, column 5", "An entry of 'tasks' has no 'study'.")]
    [InlineData("tasks:\n  - verb: twins\n    study: nrom\n", "p.yaml, line 3, column 12; castalia twins", "There is no plan 'nrom'.")]
    [InlineData("tasks:\n  - verb: twins\n    study: norm\n  - verb: twins\n    study: norm\n", "p.yaml, line 5, column 12", "The study 'norm' would be written to twins/norm, as another of the plan.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: twins\n    study: norm\n", "p.yaml, line 1, column 1", "The plan has checkpoints, and no task that reads one.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: measure\n    block: all\n", "p.yaml, line 5, column 5", "'block' is no key of an entry of 'tasks'.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: measure\n    blocks: all\n", "p.yaml, line 5, column 5", "'blocks' is no option of measure.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: dynamics\n    positions: all\n", "p.yaml, line 5, column 5", "'positions' is no option of dynamics.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: explain\n    blocks: first\n", "p.yaml, line 5, column 13", "'blocks' is 'first'.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: intervene\n", "p.yaml, line 4, column 5", "An entry of 'tasks' has no 'do'.")]
    [InlineData("checkpoints:\n  - models: o/m\ntasks:\n  - verb: measure\n    prompts: [standard-25, none.txt]\n", "p.yaml, line 5, column 28; --prompts", "There is no file 'none.txt'.")]
    [InlineData("checkpoints:\n  - models: o/m\n    revisions: present\ntasks:\n  - verb: measure\n", "p.yaml, line 2, column 13;", "Of 'o/m' no revision is there.")]
    [InlineData("checkpoints:\n  - models: o/m@a\n    revisions: b\ntasks:\n  - verb: measure\n", "p.yaml, line 2, column 13", "'o/m@a' names a revision, and 'revisions' is given too.")]
    [InlineData("checkpoints:\n  - models: ./m\n    revisions: b\ntasks:\n  - verb: measure\n", "p.yaml, line 2, column 13", "'./m' is a path, which has no revisions.")]
    [InlineData("checkpoints:\n  - models: ./{revision}\ntasks:\n  - verb: measure\n", "p.yaml, line 2, column 13", "'./{revision}' has {revision} in it, and no revisions are given.")]
    [InlineData("checkpoints:\n  - models: o m\ntasks:\n  - verb: measure\n", "p.yaml, line 2, column 13", "'o m' is neither a path that exists nor a name on the hub.")]
    public void Mistakes_are_named_at_their_place(string text, string place, string cause)
    {
        var fault = Assert.Throws<InputException>(() => Read(text));
        Assert.Equal(cause, fault.Cause);
        Assert.StartsWith(place, fault.Place, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
