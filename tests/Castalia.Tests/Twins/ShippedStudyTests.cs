using Castalia.Errors;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>Studies that ship: plans that can be carried out, and tables that are theirs.</summary>
public sealed class ShippedStudyTests
{
    static readonly string[] s_which = ["plan", "cell", "seed"];

    public static TheoryData<string> Names => [.. ShippedStudy.Names];

    [Theory, MemberData(nameof(Names))]
    public void A_plan_is_called_as_its_file_and_asks_something(string name)
    {
        var study = ShippedStudy.Of(name)!;
        Assert.Equal(name, study.Plan.Name);
        Assert.EndsWith("?", study.Plan.Question, StringComparison.Ordinal);
        Assert.All(study.Plan.Cells, cell => Assert.True(study.Plan.Twins.Count(twin => twin.Cell == cell) >= 5, cell.Name));
        Assert.Equal($"castalia twins {name} --out DIR", study.Command);
    }

    [Theory, MemberData(nameof(Names))]
    public void A_table_is_of_its_plan_as_it_stands(string name)
    {
        if (ShippedStudy.Of(name) is not { Table: { } table } study) return;
        Assert.Equal(study.TableText, table.Text());
        Assert.Equal(MadeUpStudy.Of(study.Plan, _ => new Dictionary<string, double>()).Networks.Select(Recipe), table.Networks.Select(Recipe));
        Assert.All(table.Networks, network => Assert.Equal(Recipes.Version, network.Whole("recipe_version")));

        static string Recipe(TwinNetwork network) => string.Join(',', s_which.Concat(Factors.Names).Select(network.Text));
    }

    [Fact]
    public void A_name_is_taken_where_a_file_is_and_a_misspelt_one_is_answered()
    {
        Assert.Equal("heads", TwinPlanReader.Read("heads").Name);
        Assert.Equal(File.ReadAllText(Path.Combine(Shared.Repository, "src", "Castalia", "Twins", "Studies", "heads.yaml")), ShippedStudy.TextOf("heads"));
        var thrown = Assert.Throws<InputException>(() => TwinPlanReader.Read("haeds"));
        Assert.Equal("There is no plan 'haeds'.", thrown.Cause);
        Assert.StartsWith("Did you mean 'heads'?", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_differs_says_in_which_columns_and_how_many_networks()
    {
        var plan = ShippedStudy.Of("heads")!.Plan;
        var shipped = MadeUpStudy.Of(plan, _ => new Dictionary<string, double>());
        var other = MadeUpStudy.Of(plan, twin => new Dictionary<string, double> { ["gain"] = twin.Seed == 1 ? 2 : 0.5, ["r_true"] = twin.Seed == 2 ? 2 : 0.5 });
        var study = new ShippedStudy("heads", shipped.Text());
        Assert.Empty(study.Differences(shipped).Columns);
        var (columns, networks) = study.Differences(other);
        Assert.Equal(["gain", "r_true"], columns);
        Assert.Equal(8, networks);
    }
}
