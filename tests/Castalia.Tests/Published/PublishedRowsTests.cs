using Castalia.Architectures;
using Castalia.Cards;
using Castalia.Published;
using Xunit;

namespace Castalia.Tests.Published;

public sealed class PublishedRowsTests
{
    [Fact]
    public void Each_of_eight_models_and_200_gains_is_a_row_of_the_types_its_columns_state()
    {
        var models = PublishedRows.Models(PublishedStudy.Shipped, CardSet.Shipped);
        var gains = PublishedRows.Gains(PublishedStudy.Shipped);
        Assert.Equal((8, 200), (models.Rows.Count, gains.Rows.Count));
        foreach (var table in new[] { models, gains })
        {
            Assert.Equal(table.Columns.Count, table.Columns.Select(c => c.Name).Distinct().Count());
            foreach (var row in table.Rows)
            {
                Assert.Equal(table.Columns.Count, row.Length);
                foreach (var (column, value) in table.Columns.Zip(row))
                {
                    if (value is null) continue;
                    Assert.Equal(column.Type, value switch { string => "VARCHAR", long => "BIGINT", int => "INTEGER", double => "DOUBLE", bool => "BOOLEAN", _ => $"{value.GetType()}" });
                }
            }
        }
    }

    [Fact]
    public void Rows_hold_the_readings_and_leave_out_what_was_not_recorded()
    {
        var gains = PublishedRows.Gains(PublishedStudy.Shipped);
        int At(string column) => gains.Columns.ToList().FindIndex(c => c.Name == column);
        var first = gains.Rows[0];
        Assert.Equal(("Pythia-6.9B", "study-factual-1", 0, "factual"), (first[At("model")], first[At("prompt")], first[At("prompt_index")], first[At("category")]));
        Assert.Equal((0.7694174757281553, 4.9601235, 0.1632), (first[At("gain")], first[At("entropy")], first[At("top_probability")]));
        Assert.Null(first[At("cos_theta")]);
        Assert.Null(first[At("tokens")]);
        Assert.Equal(25, gains.Rows.Where(r => (string?)r[At("model")] == "Gemma-7B").Select(r => r[At("prompt")]).Distinct().Count());
    }

    [Fact]
    public void What_is_known_of_the_models_agrees_with_the_study_and_with_their_parameters()
    {
        Assert.Equal(PublishedStudy.Shipped.Models.Select(m => m.Model), ModelFacts.Shipped.Select(f => f.Model));
        foreach (var (model, facts) in PublishedStudy.Shipped.Models.Zip(ModelFacts.Shipped))
        {
            Assert.Equal((model.Layers, model.Norm), (facts.NLayers, facts.Norm == NormKind.LayerNorm ? "LayerNorm" : "RMSNorm"));
            Assert.Equal(facts.Parameters, Count(facts));
            Assert.NotEmpty(facts.Sources);
            Assert.NotEqual(facts.LearnedPositions, facts.RotaryDims is not null);
        }
        Assert.Equal(PublishedStudy.Shipped.Scaling.Sizes.Single(s => s.Model == "pythia-6.9b").Parameters, ModelFacts.Of("Pythia-6.9B").Parameters);
    }

    /// <summary>The parameters that the shapes make.</summary>
    static long Count(ModelFacts m)
    {
        long d = m.DModel, query = m.NHeads * m.HeadDim, key = m.NKvHeads * m.HeadDim, norm = m.NormBias ? 2 * d : d;
        long block = d * (query + 2 * key) + query * d + (m.Mlp == MlpKind.Gated ? 3 : 2) * d * m.DFf
            + (m.QkvBias ? query + 2 * key : 0) + (m.AttnOutBias ? d : 0) + (m.MlpBias ? m.DFf + d : 0)
            + norm * (m.Wiring == Wiring.ParallelOneNorm ? 1 : 2);
        return m.DVocab * d * (m.TiedUnembedding ? 1 : 2) + (m.UnembeddingBias ? m.DVocab : 0) + (m.LearnedPositions ? m.NCtx * d : 0) + m.NLayers * block + norm;
    }
}
