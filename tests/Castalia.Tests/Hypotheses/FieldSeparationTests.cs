using Castalia.Hypotheses;
using Castalia.Hypotheses.Separation;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Hypotheses;

public sealed class FieldSeparationTests
{
    /// <summary>
    /// Six ways to call two of four models dampeners. Thresholds on n_layers part {1}, {1,2} and {1,2,3} from the rest: two ways are split without an
    /// error (12, 34), the other four with one. The norm parts {1,3} from {2,4}: two ways without an error (13, 24), the other four with two.
    /// </summary>
    [Fact]
    public void Four_models_and_two_fields_worked_by_hand()
    {
        var s = Of([true, true, false, false], Number("n_layers", 1, 2, 3, 4), Text("norm", "L", "R", "L", "R"), Text("family", "x", "x", "x", "x"));
        Assert.Equal((6, true, 1, 1), (s.Assignments, s.AreAll, s.Constant, s.Perfect));
        var (layers, norm) = (s.Fields[0], s.Fields[1]);
        Assert.Equal(("n_layers < 2.5", true, 0), (layers.Question.Text, layers.YesDampens, layers.Errors));
        Assert.Equal((2.0 / 6, 4.0 / 6), (layers.P, layers.FamilyP));
        Assert.Equal((2, 1.0, 1.0), (norm.Errors, norm.P, norm.FamilyP));
        Assert.Equal((4.0 / 6, 4.0 / 6, 4.0 / 6), (s.MeanPerfect, s.AnyPerfect, s.AsManyPerfect));
    }

    [Fact]
    public void An_absent_value_is_a_value_of_its_own_and_fails_every_threshold()
    {
        var s = Of([true, false, true, false], Number("rotary_dims", null, 64, null, 128));
        Assert.Equal(("rotary_dims is absent", true, 0), (s.Fields[0].Question.Text, s.Fields[0].YesDampens, s.Fields[0].Errors));
        string[] questions = [.. Number("rotary_dims", null, 64, null, 128).Questions().Select(q => q.Text)];
        Assert.Equal(["rotary_dims is absent", "rotary_dims < 96", "rotary_dims > 96"], questions);
    }

    [Fact]
    public void Among_eight_models_one_dampener_is_split_off_by_every_field_it_stands_out_in_and_the_page_says_that_this_means_nothing()
    {
        bool[] first = [true, false, false, false, false, false, false, false];
        var s = Of(first, Number("a", 1, 2, 3, 4, 5, 6, 7, 8), Number("b", 9, 1, 2, 3, 4, 5, 6, 7), Text("c", "x", "y", "y", "z", "z", "z", "y", "y"), Number("d", 5, 1, 2, 3, 4, 6, 7, 8));
        // a and b split 2 of the 8 assignments (either end), c splits only that of the first; d either end, which the first is not.
        Assert.Equal((8, 3), (s.Assignments, s.Perfect));
        Assert.Equal((2 + 2 + 1 + 2) / 8.0, s.MeanPerfect);
        Assert.Equal(2.0 / 8, s.Fields.Single(f => f.Field.Name == "a").P);
        string words = string.Join('\n', SeparationWords.Of(s));
        Assert.Contains("With one dampener, every field in which that model stands out", words);
        Assert.Contains("Even one field named beforehand could not reach p below 0.125", words);
    }

    [Theory]
    [InlineData(8, 3, 6)]
    [InlineData(9, 4, 4)]
    public void Labels_dealt_at_random_have_a_family_wise_p_below_alpha_no_more_often_than_alpha(int n, int k, int fields)
    {
        var random = new Random(20260105);
        ArchitectureField[] some = [.. Enumerable.Range(0, fields).Select(f => f % 2 == 0
            ? Number($"n{f}", [.. Enumerable.Range(0, n).Select(_ => (double?)random.Next(6))])
            : Text($"t{f}", [.. Enumerable.Range(0, n).Select(_ => $"{(char)('a' + random.Next(3))}")]))];
        var all = LabelAssignments.Of(n, k, 1).Assignments.Select(labels => Of(labels, some).Fields.Min(f => f.FamilyP)).ToList();
        var alone = LabelAssignments.Of(n, k, 1).Assignments.Select(labels => Of(labels, some).Fields.Min(f => f.P)).ToList();
        foreach (double alpha in new[] { 0.02, 0.05, 0.1, 0.2, 0.5 }) Assert.True((double)all.Count(p => p <= alpha) / all.Count <= alpha);
        Assert.True((double)alone.Count(p => p <= 0.2) / alone.Count > 0.2, "the p of single fields, of which the best was picked, is not what keeps α");
        Assert.Equal(1, all.Max(), 1e-12);
    }

    [Fact]
    public void Beyond_a_hundred_thousand_ways_random_ones_come_near_the_exact_share()
    {
        bool[] labels = [.. Enumerable.Range(0, 20).Select(i => i < 9 || i == 10)];
        var s = Of(labels, Text("half", [.. Enumerable.Range(0, 20).Select(i => i < 10 ? "x" : "y")]));
        Assert.Equal((100_000, false, 2), (s.Assignments, s.AreAll, s.Fields[0].Errors));
        // At most one of ten swapped, on either side: 2·(1 + 10·10) of C(20, 10) = 184,756.
        Assert.Equal(202 / 184_756.0, s.Fields[0].P, 4.5e-4);
        Assert.Equal(s.Fields[0].P, Of(labels, Text("half", [.. Enumerable.Range(0, 20).Select(i => i < 10 ? "x" : "y")])).Fields[0].P);
    }

    [Fact]
    public void Every_assignment_is_there_once()
    {
        for (int n = 2; n <= 9; n++)
            for (int k = 1; k < n; k++)
            {
                var (all, areAll) = LabelAssignments.Of(n, k, 1);
                Assert.True(areAll);
                Assert.Equal(LabelAssignments.Count(n, k), all.Count);
                Assert.Equal(all.Count, all.Select(labels => string.Concat(labels.Select(l => l ? 1 : 0))).Distinct().Count());
                Assert.All(all, labels => Assert.Equal(k, labels.Count(l => l)));
            }
        Assert.Equal(184_756, LabelAssignments.Count(20, 10));
    }

    [Fact]
    public void A_fields_errors_are_what_its_question_says() => Gen.Select(Gen.Int[0, 4].Array[7], Gen.Bool.Array[7]).Where(t => t.Item2.Distinct().Count() == 2).Sample((values, labels) =>
    {
        var s = Of(labels, Number("x", [.. values.Select(v => (double?)v)]));
        if (values.Distinct().Count() == 1) Assert.Empty(s.Fields);
        foreach (var field in s.Fields)
        {
            Assert.Equal(field.Errors, field.Question.Answers.Where((answer, i) => (answer == field.YesDampens) != labels[i]).Count());
            Assert.InRange(field.P, 0, field.FamilyP + 1e-12);
        }
    });

    static FieldSeparation Of(bool[] dampens, params ArchitectureField[] fields) =>
        FieldSeparation.Of([.. dampens.Select((_, i) => $"m{i}")], dampens, fields, 1, TestContext.Current.CancellationToken);

    static ArchitectureField Number(string name, params double?[] values) => new(name, ColumnKind.Number, [.. values.Select(v => (object?)v)]);

    static ArchitectureField Text(string name, params string?[] values) => new(name, ColumnKind.Text, values);
}
