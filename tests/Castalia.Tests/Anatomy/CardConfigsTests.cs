using Castalia.Anatomy;
using Castalia.Cards;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class CardConfigsTests
{
    public static TheoryData<string> Models => [.. CardConfigs.Known.Select(card => card.Model)];

    [Fact]
    public void Every_Pythia_and_every_GPT_2_has_one() =>
        Assert.Equal(ModelCards.BuiltIn.Where(card => card.Series is "pythia" or "gpt2-family").Select(card => card.Model), CardConfigs.Known.Select(card => card.Model));

    [Theory, MemberData(nameof(Models))]
    public void What_the_description_has_is_what_the_card_says(string model)
    {
        var card = ModelCards.Named(model);
        var facts = CardConfigs.Facts(card)!;
        foreach (string key in new[] { "parameters", "n_layers", "d_model", "n_heads", "n_kv_heads", "head_dim", "d_ff", "d_vocab" })
            Assert.Equal((long)card.Number(key)!.Value, facts.Find(key)!.Value);
        Assert.Equal((long)(card.Number("d_vocab") - card.Number("vocabulary"))!.Value, facts.Find("padding_rows")!.Value);
        if (StudyConfigs.Find(card.Hub[0]) is { } study) Assert.Empty(AnatomyDifference.Of(study.Facts(), facts).Differing);
    }
}
