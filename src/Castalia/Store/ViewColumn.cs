namespace Castalia.Store;

/// <summary>One column of a view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its SQL type.</param>
/// <param name="Unit">Unit; empty for names, counts and ratios.</param>
/// <param name="Description">What it is and when it is null.</param>
/// <param name="Sql">Its expression over readings; null where it is a field of the manifest.</param>
sealed record ViewColumn(string Name, string Type, string Unit, string Description, string? Sql = null);
