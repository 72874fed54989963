using Castalia.Errors;

namespace Castalia.Hypotheses;

/// <summary>Checks that the columns a test names are there and of the kind that its statistic computes with.</summary>
static class ColumnCheck
{
    /// <summary>Checks one test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="columns">Columns of the rows it is taken over.</param>
    /// <exception cref="InputException">A column that is not there or of another kind.</exception>
    public static void Of(Measure test, IReadOnlyList<TableColumn> columns)
    {
        foreach (var column in Columns(test))
        {
            var found = Find(column.Name, column.Place, columns);
            bool fits = column.Key switch
            {
                "within" or "clusters" or "factors" or "block" => true,
                "on" when test.Statistic.OnIsFactor => true,
                "on" when test.Statistic.Name == "difference" => found.Kind == ColumnKind.Truth,
                _ => found.Kind is ColumnKind.Number or ColumnKind.Truth,
            };
            if (!fits) throw HypothesisErrors.ColumnType(column.Place, column.Name, found.Words, column.Key == "on" && test.Statistic.Name == "difference" ? "true or false" : "a number");
        }
        if (test.Where is not { } where) return;
        foreach (var (name, isNumber) in where.Condition.Names())
        {
            var found = Find(name.Text, where.Text.PlaceOf(name.At), columns);
            if (found.Kind != (isNumber ? ColumnKind.Number : ColumnKind.Truth))
                throw HypothesisErrors.WrongType(where.Text.PlaceOf(name.At), name.Text, found.Words, isNumber ? "a number" : "true or false");
        }
    }

    /// <summary>Every column that a test names outside its condition.</summary>
    public static IEnumerable<Column> Columns(Measure test) =>
        new[] { test.Of, test.On, test.Clusters, test.Block, test.Error, test.Low, test.High }.OfType<Column>().Concat(test.Given).Concat(test.Within).Concat(test.Factors);

    /// <summary>Every name that a test needs of its rows.</summary>
    public static IEnumerable<string> Names(Measure test) =>
        Columns(test).Select(column => column.Name).Concat(test.Where?.Condition.Names().Select(n => n.Name.Text) ?? []).Distinct();

    static TableColumn Find(string name, string place, IReadOnlyList<TableColumn> columns)
    {
        foreach (var column in columns)
            if (column.Name == name) return column;
        throw HypothesisErrors.UnknownName(place, name, columns.Select(c => c.Name));
    }
}
